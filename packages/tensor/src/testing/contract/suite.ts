import type { Backend } from '../../backend.js';
import { Bench } from './bench.js';
import type { FloatType } from './precision.js';

/** What the suite needs of a test runner; vitest's `describe` and `test` are such. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: (context: { skip(reason?: string): unknown }) => Promise<void>) => unknown;
}

export interface ContractOptions {
  /** The device's name, as in `REQUIRE_DEVICES`. */
  readonly name: string;
  /** The backend, or why there is none here. Called once, by the first test. */
  readonly open: () => Backend | { readonly skip: string };
  /** The dtypes that F stands for on this backend. */
  readonly dtypes: readonly FloatType[];
}

/** Widths at and beside the sizes that kernels are made of. */
export const widths = [0, 1, 31, 32, 33, 1023];

/** Registers the tests of one dtype. */
export class Suite {
  readonly dtype: FloatType;
  readonly #runner: TestRunner;
  readonly #open: ContractOptions['open'];
  readonly #required: boolean;

  constructor(runner: TestRunner, options: { name: string; open: ContractOptions['open']; dtype: FloatType }) {
    this.#runner = runner;
    this.#open = options.open;
    this.dtype = options.dtype;
    this.#required = (process.env.REQUIRE_DEVICES ?? '').split(',').includes(options.name);
  }

  group(name: string, body: () => void): void {
    this.#runner.describe(name, body);
  }

  /** A test that gets a bench of its own; afterwards it must have written nowhere but into its arrays. */
  test(name: string, body: (bench: Bench) => Promise<void>): void {
    this.#runner.test(name, async (context) => {
      const backend = this.#open();
      if ('skip' in backend) {
        if (this.#required) throw new Error(`REQUIRE_DEVICES asks for this device: ${backend.skip}`);
        context.skip(backend.skip);
        return;
      }
      const bench = new Bench(backend, this.dtype);
      await body(bench);
      await bench.finish();
    });
  }
}
