import type { HostTensor } from '@gerbert/tensor';

/**
 * A checkpoint's tensors under the names a model with a head uses: checkpoints of the bare body lack its prefix (`bert.`, `transformer.`).
 * `isBodyName` tells a body's own name from a head's.
 */
export function withBodyPrefix(
  state: ReadonlyMap<string, HostTensor>,
  prefix: string,
  isBodyName: (name: string) => boolean,
): Map<string, HostTensor> {
  const renamed = new Map<string, HostTensor>();
  for (const [name, tensor] of state) {
    renamed.set(!name.startsWith(prefix) && isBodyName(name) ? prefix + name : name, tensor);
  }
  return renamed;
}

/** The scales and shifts of normalisations as they are called now: checkpoints made before 2020, bert-base among them, say gamma and beta. */
export function withNewNormNames(state: ReadonlyMap<string, HostTensor>): Map<string, HostTensor> {
  const renamed = new Map<string, HostTensor>();
  for (const [name, tensor] of state) {
    renamed.set(
      name.replace(/\bLayerNorm\.gamma$/, 'LayerNorm.weight').replace(/\bLayerNorm\.beta$/, 'LayerNorm.bias'),
      tensor,
    );
  }
  return renamed;
}

/** The body's tensors alone, without the prefix. */
export function withoutBodyPrefix(state: ReadonlyMap<string, HostTensor>, prefix: string): Map<string, HostTensor> {
  const renamed = new Map<string, HostTensor>();
  for (const [name, tensor] of state) renamed.set(name.startsWith(prefix) ? name.slice(prefix.length) : name, tensor);
  return renamed;
}
