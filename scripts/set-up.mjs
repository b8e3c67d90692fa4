// `npm run set-up`: installs the packages and builds addon and `dist` where that is still to be done.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireNode } from './setup/node-version.mjs';

requireNode();
const { setUp } = await import('./setup/set-up.mjs');
await setUp(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'));
