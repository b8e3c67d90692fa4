/**
 * Which package may import which: imports point down only.
 *
 * `imports` names the packages below, `libraries` tells whether there may be others from npm, and `pure` lists files
 * that, with all they import, stay free of what is named there.
 *
 * @typedef {object} Place
 * @property {string} folder
 * @property {string[]} imports
 * @property {boolean} [libraries]
 * @property {{ file: string, free: 'node' | 'imports' }[]} [pure]
 */

/** @type {Map<string, Place>} */
export const FLOOR_PLAN = new Map([
  ['@gerbert/native', { folder: 'native', imports: [], libraries: false }],
  [
    '@gerbert/tokenizer',
    { folder: 'packages/tokenizer', imports: [], libraries: false, pure: [{ file: 'src/index.ts', free: 'node' }] },
  ],
  [
    '@gerbert/tensor',
    { folder: 'packages/tensor', imports: ['@gerbert/native'], pure: [{ file: 'src/backend.ts', free: 'imports' }] },
  ],
  ['@gerbert/transformer', { folder: 'packages/transformer', imports: ['@gerbert/tensor'] }],
  ['@gerbert/trainer', { folder: 'packages/trainer', imports: ['@gerbert/tensor'] }],
  [
    '@gerbert/bert',
    { folder: 'packages/bert', imports: ['@gerbert/transformer', '@gerbert/tensor', '@gerbert/tokenizer'] },
  ],
  [
    '@gerbert/gpt',
    { folder: 'packages/gpt', imports: ['@gerbert/transformer', '@gerbert/tensor', '@gerbert/tokenizer'] },
  ],
  [
    'gerbert',
    {
      folder: 'packages/gerbert',
      imports: [
        '@gerbert/bert',
        '@gerbert/gpt',
        '@gerbert/native',
        '@gerbert/tensor',
        '@gerbert/tokenizer',
        '@gerbert/trainer',
        '@gerbert/transformer',
      ],
    },
  ],
]);

/** What every package's tests may import although its sources may not. */
export const TEST_IMPORTS = ['@gerbert/tensor/testing'];

/** Files of the root that every package's tests may use. */
export const TEST_TOOLS = ['scripts/readme.js'];
