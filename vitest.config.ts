import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const packages = readdirSync(new URL('packages', import.meta.url)).map((name) => `packages/${name}`);

/** Every package, the native core, the scripts and the benchmarks; a project is called by its folder: `--project tensor`. */
const projects = [...packages, 'native', 'scripts', 'benchmarks'].map((root) => ({
  extends: `./${root}/vitest.config.ts`,
  root: `./${root}`,
  test: { name: root.slice(root.lastIndexOf('/') + 1) },
}));

export default defineConfig({ test: { projects } });
