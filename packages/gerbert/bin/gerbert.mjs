#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli/main.js', import.meta.url);

if (existsSync(built)) {
  const { main } = await import('../dist/cli/main.js');
  // Not process.exit: what was written to a pipe may still be on its way.
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error('gerbert: this checkout has not been built yet; `npm start` in its root builds it and runs the demo,');
  console.error('and `npm run set-up` only builds it.');
  process.exitCode = 1;
}
