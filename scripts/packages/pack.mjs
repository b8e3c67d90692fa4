import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageFolders } from '../setup/fingerprint.mjs';

/**
 * A package that is published.
 *
 * @typedef {object} Published
 * @property {string} name
 * @property {string} folder relative to the root
 * @property {Record<string, any>} manifest its package.json as it stands in the workspace
 */

/**
 * Every package of the workspace that is not private.
 *
 * @param {string} root
 * @returns {Published[]}
 */
export function publishedPackages(root) {
  return packageFolders(root)
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }));
}

/** A platform package without its addon (which `scripts/pack-native.mjs` puts there) has nothing to publish. */
export function isComplete(root, { folder, manifest }) {
  return !folder.startsWith('native/npm/') || existsSync(path.join(root, folder, manifest.main));
}

/**
 * Packs packages as publishing would.
 *
 * @param {string} root
 * @param {Published[]} packages
 * @param {string} destination an existing folder
 * @returns {Map<string, string>} the tarball of each package, by name
 */
export function pack(root, packages, destination) {
  const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const filters = packages.flatMap(({ folder }) => ['--filter', `./${folder}`]);
  const args = ['--yes', packageManager, '-r', ...filters, 'pack', '--pack-destination', destination];
  execFileSync('npx', args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32' });
  const tarballs = readdirSync(destination);
  return new Map(
    packages.map(({ name, manifest }) => {
      const file = `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`;
      if (!tarballs.includes(file)) throw new Error(`pnpm packed no ${file}; there are ${tarballs.join(', ')}`);
      return [name, path.join(destination, file)];
    }),
  );
}
