// A side that doubles numbers, in the way its argument says: right, wrong, crashing at once or in the
// second round, or without the case.
import { readFileSync } from 'node:fs';
import { serve, Unsupported } from '../../src/sides/serve.mjs';

const way = process.argv[2];

await serve({
  hello: () => ({ versions: { [way]: '1.2.3' }, isa: way === 'right' ? 'toy512' : undefined }),
  prepare({ inputs, params }) {
    if (way === 'without') throw new Unsupported('it cannot double');
    const bytes = Uint8Array.from(readFileSync(inputs.x.file));
    const x = new Float32Array(bytes.buffer);
    const y = new Float32Array(x.length);
    let runs = 0;
    const run = () => {
      for (let i = 0; i < x.length; i++) y[i] = (way === 'wrong' && i === 1 ? 3 : params.factor) * x[i];
      runs += 1;
      if (way === 'crashing' && runs > 1) process.exit(7);
      if (way !== 'tiring') return;
      // Long enough for one run to be a turn: this is the first, the one that calibrates, or that of the first round.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 35);
      if (runs > 3) process.exit(8);
    };
    return { run, outputs: () => ({ y: y.slice() }) };
  },
});
