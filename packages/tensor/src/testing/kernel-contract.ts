import type { Backend } from '../backend.js';
import { attentionContract } from './contract/attention.js';
import { attentionBackwardContract } from './contract/attention-backward.js';
import { castContract } from './contract/cast.js';
import { dropoutContract } from './contract/dropout.js';
import { elementwiseContract } from './contract/elementwise.js';
import { gemmContract } from './contract/gemm.js';
import { lossContract } from './contract/loss.js';
import { memoryContract } from './contract/memory.js';
import { normalisationContract } from './contract/normalisation.js';
import { optimiserContract } from './contract/optimiser.js';
import { packedContract } from './contract/packed.js';
import { reduceContract } from './contract/reduce.js';
import { rowsContract } from './contract/rows.js';
import { type ContractOptions, Suite, type TestRunner } from './contract/suite.js';

/**
 * Registers tests of everything that `backend.ts` promises: every kernel against a textbook formula in f64, within bounds derived from rounding
 * (`contract/precision.ts`); shapes, dtypes and indices that must be refused; bits that may not depend on a batch; and memory.
 *
 * @example kernelContract({ describe, test }, { name: 'cpu', open: () => backend ?? { skip: 'no addon' }, dtypes: ['f32'] });
 */
export function kernelContract(runner: TestRunner, options: ContractOptions): void {
  let opened: Backend | { readonly skip: string } | undefined;
  const open = () => {
    opened ??= options.open();
    return opened;
  };
  runner.describe(`kernels of ${options.name}`, () => {
    for (const dtype of options.dtypes) {
      runner.describe(dtype, () => {
        const suite = new Suite(runner, { name: options.name, open, dtype });
        memoryContract(suite);
        castContract(suite);
        rowsContract(suite);
        elementwiseContract(suite);
        dropoutContract(suite);
        reduceContract(suite);
        gemmContract(suite);
        packedContract(suite);
        normalisationContract(suite);
        attentionContract(suite);
        attentionBackwardContract(suite);
        lossContract(suite);
        optimiserContract(suite);
      });
    }
  });
}
