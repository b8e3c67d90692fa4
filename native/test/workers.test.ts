import { expect, test } from 'vitest';
import { loadAddon, needAddon, runProcess } from './built.js';

test('works in several threads at once, and when threads end while their kernels run', (context) => {
  needAddon(context);
  // The process must also end by itself, with code 0: runProcess throws where it crashes on the way out.
  const kernels = loadAddon().kernels.length;
  expect(runProcess('workers.mjs')).toEqual({ done: 6, ended: 6, main: 3 * kernels, mapped: true });
});
