import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { simdePath } from './built.js';

type Comparison = { skip: string } | { operations: Record<string, { differ: number; example: string }> };

test('what stands in for an instruction gives what the instruction does', (context) => {
  const program = `${simdePath}/shims`;
  // SIMDe's headers are not everybody's: without them there is nothing to compare.
  if (!existsSync(program)) context.skip('there is no build over SIMDe (CONTRIBUTING.md, “Every instruction set”)');
  const compared = JSON.parse(execFileSync(program, ['20000'], { encoding: 'utf8' })) as Comparison;
  // The program itself tells when this processor lacks the instructions to compare with.
  if ('skip' in compared) return context.skip(compared.skip);
  expect(Object.keys(compared.operations).length).toBeGreaterThan(0);
  for (const [name, { differ, example }] of Object.entries(compared.operations)) {
    expect(differ, `${name}: ${example}`).toBe(0);
  }
});
