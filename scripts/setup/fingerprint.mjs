import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folders that hold results, not inputs. */
const RESULTS = new Set(['node_modules', 'dist', 'build', 'coverage', '.turbo', '.cache', '.git']);

/** All files below `directory` in a stable order; a missing directory holds none. */
export function filesBelow(directory, skip = new Set()) {
  let entries;
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = path.join(directory, entry.name);
      if (entry.isDirectory()) return RESULTS.has(entry.name) || skip.has(entry.name) ? [] : filesBelow(full, skip);
      return entry.isFile() ? [full] : [];
    });
}

/** SHA-256 over the names and contents of `files`; a missing file counts as such. */
export function fingerprint(root, files, extra = []) {
  const hash = createHash('sha256').update(JSON.stringify(extra));
  for (const file of files) {
    hash.update(`\0${path.relative(root, file)}\0`);
    try {
      hash.update(readFileSync(file));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      hash.update('missing');
    }
  }
  return hash.digest('hex');
}

/** The folders of the workspace's packages, relative to `root`. */
export function packageFolders(root) {
  const inside = (folder) =>
    readdirSync(path.join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}`);
  const candidates = ['native', ...inside('packages'), ...safely(() => inside('native/npm')), 'benchmarks', 'docs'];
  return candidates.filter((folder) => safely(() => readdirSync(path.join(root, folder))).includes('package.json'));
}

function safely(list) {
  try {
    return list();
  } catch {
    return [];
  }
}

/** What decides the outcome of `pnpm install`. */
export function installInputs(root) {
  const names = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'];
  return [...names, ...packageFolders(root).map((folder) => `${folder}/package.json`)].map((name) =>
    path.join(root, name),
  );
}

/** What decides the outcome of the addon's build: the C++ and what says how to compile it. */
export function addonInputs(root) {
  const native = path.join(root, 'native');
  return filesBelow(native, new Set(['loader', 'test', 'npm', 'lab'])).filter((file) => !file.endsWith('.md'));
}

/** What decides the outcome of the addon's build over SIMDe. */
export function simdeInputs(root) {
  return [...addonInputs(root), ...filesBelow(path.join(root, 'native/test/simde'))];
}

/** What decides the outcome of the TypeScript build. */
export function distInputs(root) {
  const shared = ['pnpm-lock.yaml', 'tsconfig.base.json', 'turbo.json'].map((name) => path.join(root, name));
  const loader = ['package.json', 'tsconfig.json'].map((name) => path.join(root, 'native', name));
  const packages = filesBelow(path.join(root, 'packages'), new Set(['test']));
  return [...shared, ...loader, ...filesBelow(path.join(root, 'native/loader')), ...packages];
}
