// A side that remembers which rounds it was asked for, and tells them as a version.
import { serve } from '../../src/sides/serve.mjs';

const seen = [];

await serve({
  hello: () => ({ versions: { seen } }),
  prepare: () => ({ run: (round) => void seen.push(round), outputs: () => ({ y: Float32Array.of(1) }) }),
});
