import { defineConfig } from 'vitest/config';

/** Tests import the packages' TypeScript (the `@gerbert/source` export), so that nothing has to be built first. */
const conditions = ['@gerbert/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node'] } },
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000 },
});
