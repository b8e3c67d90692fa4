// One call of every kernel on fixed inputs, for processes and workers that compare what the addon gives. Plain JavaScript: workers load no TypeScript.
import { createRequire } from 'node:module';

const dtypes = { f64: 0, f32: 1, bf16: 2, f16: 3, i32: 4, u8: 5, bool: 6 };
const arrays = {
  0: Float64Array,
  1: Float32Array,
  2: Uint16Array,
  3: Uint16Array,
  4: Int32Array,
  5: Uint8Array,
  6: Uint8Array,
};

/** The addon with memory: `array` makes a view, `run` calls a kernel. */
export function openAddon(path, isa, threads) {
  const addon = createRequire(import.meta.url)(path);
  addon.start(isa ?? addon.isas.find((each) => each.supported).name, threads ?? 2);
  if (threads) addon.setThreads(threads);
  const numbers = new Map(addon.kernels.map(({ name }, number) => [name, number]));

  function array(dims, fill = () => 0, dtype = 'f32') {
    const size = dims.reduce((product, d) => product * d, 1);
    const code = dtypes[dtype];
    const bytes = size * arrays[code].BYTES_PER_ELEMENT;
    const base = new Float64Array(1);
    // First without a byte to spare, which serves where the memory happens to be aligned: then a sanitizer sees every step beyond its end.
    let data = new ArrayBuffer(bytes);
    let handle = addon.adopt(data, base);
    for (let left = 16; base[0] !== 0; left--) {
      addon.release(handle);
      data = new ArrayBuffer(left > 0 ? bytes : bytes + 64);
      handle = addon.adopt(data, base);
      if (left === 0) break;
    }
    const values = new arrays[code](data, base[0], size);
    for (let i = 0; i < size; i++) values[i] = fill(i);
    return { handle, code, dims, values };
  }

  function run(name, ...args) {
    const { block } = addon;
    let at = 1;
    for (const arg of args) {
      if (typeof arg === 'number') {
        block[at++] = arg;
        continue;
      }
      block.fill(0, at, at + 8);
      block[at] = arg === null ? -1 : arg.handle;
      if (arg !== null) {
        block[at + 2] = arg.code;
        block[at + 3] = arg.dims.length;
        arg.dims.forEach((d, i) => {
          block[at + 4 + i] = d;
        });
      }
      at += 8;
    }
    block[0] = numbers.get(name);
    addon.call();
  }

  return { addon, array, run };
}

/** Numbers in [−1, 1) from a seed, the same everywhere. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/**
 * Calls by kernel: each makes its inputs, runs, and returns the outputs. Sizes are odd, and large enough that threads share the work.
 */
export function calls({ array, run }) {
  const noise = (dims, seed) => array(dims, random(seed));
  const ints = (dims, limit, seed) => {
    const next = random(seed);
    return array(dims, () => Math.floor(((next() + 1) / 2) * limit), 'i32');
  };
  const [n, c, v] = [301, 259, 97];
  const spans = () => array([3, 5], (i) => [0, 150, 0, 200, 0, 150, 1, 200, 90, 1, 151, 150, 290, 150, 7][i], 'i32');
  const attention = (p) => {
    const q = noise([n, 3 * 5 * 20], 1);
    const k = noise([440, 2 * 5 * 20], 2);
    const y = array([n, 100]);
    const lse = array([n, 5]);
    run('attention', y, lse, q, k, k, spans(), 20, 0, 100, 5, 20, 0.3, 1, 0, p, 7, 8, 9);
    return { q, k, y, lse };
  };
  const elementwise = (name, ...more) => {
    const y = array([n, c]);
    run(name, y, noise([n, c], 3), ...more);
    return [y];
  };
  // `packedBytes` of 32-bit numbers: enough for any precision.
  const room = (columns, depth) => array([128 + (columns + 64) * (8 + (depth + 4) * 4)], undefined, 'u8');
  return {
    cast: () => {
      const y = array([n, c], undefined, 'f16');
      run('cast', y, noise([n, c], 1));
      return [y];
    },
    fill: () => {
      const y = array([n, c]);
      run('fill', y, 0.1);
      return [y];
    },
    gatherRows: () => {
      const y = noise([n, c], 1);
      run('gatherRows', y, noise([v, c], 2), ints([n], v, 3), 1);
      return [y];
    },
    scatterAddRows: () => {
      const y = noise([v, c], 1);
      run('scatterAddRows', y, noise([n, c], 2), ints([n], v, 3));
      return [y];
    },
    writeRows: () => {
      const y = noise([n, c], 1);
      run(
        'writeRows',
        y,
        noise([n, c], 2),
        array([n], (i) => n - 1 - i, 'i32'),
        3,
        5,
        200,
      );
      return [y];
    },
    binary: () => elementwise('binary', noise([c], 4), 3),
    affine: () => elementwise('affine', 1.7, -0.3),
    activation: () => elementwise('activation', 1),
    activationBackward: () => elementwise('activationBackward', noise([n, c], 5), 2),
    dropout: () => elementwise('dropout', null, 0.3, 1, 2, 3),
    sum: () => {
      const y = array([1]);
      run('sum', y, noise([n, c], 1));
      return [y];
    },
    sumRows: () => {
      const y = noise([c], 2);
      run('sumRows', y, noise([n, c], 1), 1);
      return [y];
    },
    sumSquares: () => {
      const y = array([1]);
      run('sumSquares', y, noise([n, c], 1), 0);
      return [y];
    },
    argmaxRows: () => {
      const y = array([n], undefined, 'i32');
      run('argmaxRows', y, noise([n, c], 1));
      return [y];
    },
    gemm: () =>
      [0, 1].map((precision) => {
        const y = noise([n, v], 1);
        const [a, b, bias, residual] = [noise([n, 600], 2), noise([v, 600], 3), noise([v], 4), noise([n, v], 5)];
        run('gemm', y, a, b, bias, residual, null, 0, 1, 1, 0.3, 1, precision);
        return y;
      }),
    pack: () => {
      const y = room(v, 600);
      run('pack', y, noise([v, 600], 3), 1, 2);
      return [y];
    },
    gemmPacked: () => {
      const outputs = [0, 1, 2].map((precision) => {
        const [y, packed] = [noise([n, v], 1), room(v, 600)];
        run('pack', packed, noise([v, 600], 3), 1, precision);
        run('gemmPacked', y, noise([n, 600], 2), packed, noise([v], 4), null, null, 1, 0.3, 1);
        return y;
      });
      return outputs;
    },
    layerNorm: () => {
      const [y, mean, rstd, sum] = [array([n, c]), array([n]), array([n]), array([n, c])];
      run('layerNorm', y, mean, rstd, sum, noise([n, c], 1), noise([n, c], 2), noise([c], 3), noise([c], 4), 1e-5);
      return [y, mean, rstd, sum];
    },
    layerNormBackward: () => {
      const [dx, dgamma, dbeta] = [array([n, c]), noise([c], 8), noise([c], 9)];
      const rstd = array([n], () => 1.1);
      run(
        'layerNormBackward',
        dx,
        dgamma,
        dbeta,
        noise([n, c], 1),
        noise([n, c], 2),
        noise([n], 3),
        rstd,
        noise([c], 5),
      );
      return [dx, dgamma, dbeta];
    },
    softmax: () => elementwise('softmax', 0),
    softmaxBackward: () => elementwise('softmaxBackward', noise([n, c], 4), 1),
    attention: () => {
      const { y, lse } = attention(0.2);
      return [y, lse];
    },
    attentionBackward: () => {
      const { q, k, y, lse } = attention(0.2);
      const [dq, dk] = [array(q.dims), array(k.dims)];
      const tail = [20, 0, 100, 5, 20, 0.3, 1, 0, 0.2, 7, 8, 9];
      run('attentionBackward', dq, dk, dk, noise([n, 100], 3), y, lse, q, k, k, spans(), ...tail);
      return [dq, dk];
    },
    attentionProbabilities: () => {
      const y = array([5 * (150 * 200 + 90 + 150 * 150)]);
      run('attentionProbabilities', y, noise([n, 100], 1), noise([440, 100], 2), spans(), 0, 0, 5, 20, 0.3, 0, 60);
      return [y];
    },
    crossEntropy: () => {
      const [loss, lse] = [array([n]), array([n])];
      const greatest = array([n]);
      run('crossEntropy', loss, lse, greatest, noise([n, c], 1), ints([n], c, 2), 5, 0, c + 7);
      run('crossEntropy', loss, lse, greatest, noise([n, 7], 3), ints([n], c, 2), 5, c, c + 7);
      return [loss, lse];
    },
    crossEntropyBackward: () => {
      const dlogits = array([n, c]);
      run(
        'crossEntropyBackward',
        dlogits,
        noise([n], 1),
        noise([n, c], 2),
        array([n], () => 6),
        ints([n], c, 3),
        5,
        0,
        c,
      );
      return [dlogits];
    },
    clipFactor: () => {
      const y = array([1]);
      run(
        'clipFactor',
        y,
        array([1], () => 9),
        1,
        0.5,
      );
      return [y];
    },
    adamw: () => {
      const [w, m] = [noise([n, c], 1), noise([n, c], 3)];
      const s = array([n, c], (i) => (i % 7) / 7);
      run(
        'adamw',
        w,
        noise([n, c], 2),
        m,
        s,
        array([1], () => 0.5),
        0.1,
        0.9,
        0.999,
        1e-8,
        0.01,
        0.1,
        0.001,
      );
      return [w, m, s];
    },
  };
}

/** Gives the memory of views back. */
export function release(addon, views) {
  for (const view of views) addon.release(view.handle);
}
