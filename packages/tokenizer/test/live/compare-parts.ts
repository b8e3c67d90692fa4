import type { Case } from './case.js';
import { decoderCase, modelCase } from './generator/focused.js';
import { Oracle, oracleScript } from './oracle.js';
import { compareRandomTokenizers } from './random-tokenizers.js';
import { Report } from './report.js';

const HELP = `Compares models or decoders by themselves with Python's tokenizers, on what they do something with.

  tsc -p test/live/tsconfig.json && node .cache/live/test/live/compare-parts.js models|decoders [cases] [seed]`;

const MAKERS = new Map<string, (seed: number) => Case>([
  ['models', modelCase],
  ['decoders', decoderCase],
]);

async function main(): Promise<number> {
  const [name, cases = '1000', seed = '1'] = process.argv.slice(2);
  const make = MAKERS.get(name);
  if (make === undefined) {
    console.log(HELP);
    return 2;
  }
  const oracle = new Oracle(oracleScript(process.cwd()));
  const report = new Report();
  try {
    await oracle.start();
    const options = {
      seed: Number(seed),
      cases: Number(cases),
      milliseconds: Number.POSITIVE_INFINITY,
      keepGoing: true,
    };
    await compareRandomTokenizers(oracle, { ...options, make }, report);
  } finally {
    oracle.stop();
  }
  console.log(report.summary(`compare ${name}`));
  return report.differences === 0 ? 0 : 1;
}

process.exitCode = await main();
