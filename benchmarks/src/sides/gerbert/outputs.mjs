/** A tensor's numbers, copied out at once. */
export function floats(tensor) {
  const host = new Float32Array(tensor.size);
  tensor.device.backend.readSync(tensor, host);
  return host;
}

/** What `serve` wants of kernels that write into tensors: run, outputs, and all memory given back in the end. */
export function prepared(run, outputs, inputs, at, scratch = []) {
  return {
    run,
    outputs: () => Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, floats(tensor)])),
    release() {
      const all = new Set([...Object.values(outputs), ...Object.values(inputs), ...scratch]);
      for (const tensor of all) tensor.dispose();
      at.pool.trim();
    },
  };
}
