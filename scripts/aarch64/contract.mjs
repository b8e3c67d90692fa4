// Runs the contract suite of the CPU with the built packages and a test runner of a few lines, since vitest starts processes, which an emulated
// Node cannot. The addon and the instruction set come from the environment.
import { cpuBackend } from '../../packages/tensor/dist/devices.js';
import { kernelContract } from '../../packages/tensor/dist/testing/index.js';

const isa = process.env.GERBERT_ISA;
const counts = { passed: 0, failed: 0, skipped: 0 };

/** Waits for a test's end, counts it, and prints what went wrong. */
async function record(name, body) {
  let reason = '';
  try {
    await body({ skip: (why = 'no reason given') => (reason = why) });
    counts[reason ? 'skipped' : 'passed']++;
    if (reason) console.log(`skipped: ${name}: ${reason}`);
  } catch (error) {
    counts.failed++;
    console.log(`failed: ${name}: ${error.stack}`);
  }
}

const tests = [];
const names = [];
const runner = {
  describe(name, body) {
    names.push(name);
    body();
    names.pop();
  },
  test: (name, body) => tests.push([[...names, name].join(' > '), body]),
};

const cpu = cpuBackend();
if ('unavailable' in cpu) throw new Error(cpu.unavailable);
kernelContract(runner, { name: `cpu, ${isa}`, open: () => cpu.backend, dtypes: ['f32'] });
for (const [name, body] of tests) await record(name, body);

console.log(`${isa} on ${process.arch}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
