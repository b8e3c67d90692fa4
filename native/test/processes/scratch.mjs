// node scratch.mjs <addon>: how often scratch memory has been allocated after every kernel has run once, twice, and ten times more.
import { calls, openAddon, release } from './calls.mjs';

const opened = openAddon(process.argv[2], undefined, 3);
const once = () => {
  for (const call of Object.values(calls(opened))) release(opened.addon, call());
  return opened.addon.scratchAllocations();
};
const counts = [once(), once()];
for (let i = 0; i < 10; i++) counts[2] = once();
console.log(JSON.stringify(counts));
