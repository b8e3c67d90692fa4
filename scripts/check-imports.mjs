// Refuses every import and dependency that the floor plan (scripts/imports/floor-plan.mjs) does not allow.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage } from './imports/check-package.mjs';
import { FLOOR_PLAN } from './imports/floor-plan.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folders = ['native', ...readdirSync(path.join(root, 'packages')).map((name) => `packages/${name}`)];
const names = folders.map((folder) => JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')).name);

const breaches = names.flatMap((name) => checkPackage(root, name, FLOOR_PLAN));
for (const breach of breaches) console.error(breach);
if (breaches.length > 0) {
  console.error(`check-imports: ${breaches.length} breaches of the floor plan`);
  process.exit(1);
}
console.log(`check-imports: the imports of ${names.length} packages point down only`);
