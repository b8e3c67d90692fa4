/**
 * Builds `dist`: types by TypeScript, a module each, and the code of every entry point by rolldown in few files. Loading the
 * sources' two hundred modules one by one takes Node several times as long. What entry points have in common is in `shared`,
 * once, so that classes are the same whichever way they are imported.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const typescript = createRequire(import.meta.url).resolve('typescript/package.json');

/** By their paths in `dist`. Everything that package.json exports, and the thread that `TokenizerPool` starts. */
const ENTRY_POINTS = ['index', 'node/index', 'node/pool-worker', 'lean/wordpiece', 'lean/byte-level'];

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [path.join(path.dirname(typescript), 'bin/tsc'), '-p', 'tsconfig.json', '--emitDeclarationOnly'],
  { cwd: root, stdio: 'inherit' },
);
await build({
  cwd: root,
  input: Object.fromEntries(ENTRY_POINTS.map((name) => [name, `src/${name}.ts`])),
  external: /^node:/,
  platform: 'neutral',
  transform: { target: 'es2022' },
  logLevel: 'warn',
  output: {
    dir: 'dist',
    entryFileNames: '[name].js',
    chunkFileNames: 'shared/[name]-[hash].js',
    sourcemap: true,
    // The package carries its sources; the maps point to them.
    sourcemapExcludeSources: true,
    comments: { jsdoc: false },
  },
});
