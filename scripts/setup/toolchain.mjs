import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

/** The first of `names` that can be run from PATH, or null. */
export function onPath(names) {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const name of names) {
    if (path.isAbsolute(name) && canRun(name)) return name;
    for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
      for (const extension of extensions) {
        const file = path.join(directory, name + extension);
        if (directory !== '' && canRun(file)) return file;
      }
    }
  }
  return null;
}

function canRun(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * What the addon's build needs and PATH holds: `missing` is null or names what is not there, `tools` the paths found.
 * On Windows CMake finds the compiler itself.
 */
export function findToolchain() {
  const chosen = process.env.CXX ? [process.env.CXX] : [];
  /** @type {[string, string[]][]} */
  const wanted = [['CMake', ['cmake']]];
  if (process.platform !== 'win32') {
    wanted.unshift(['a C++ compiler (g++ or clang++)', [...chosen, 'c++', 'g++', 'clang++']]);
    wanted.push(['make or ninja', ['make', 'ninja']]);
  }
  const found = wanted.map(([what, names]) => [what, onPath(names)]);
  const missing = found.filter(([, tool]) => tool === null).map(([what]) => what);
  return { missing: missing.length === 0 ? null : missing.join(', '), tools: found.map(([, tool]) => tool) };
}

/** Where SIMDe's headers are (Debian: libsimde-dev), or null. */
export function findSimde() {
  const chosen = [process.env.CPATH, process.env.CPLUS_INCLUDE_PATH].flatMap((list) => (list ?? '').split(':'));
  const folders = [...chosen.filter((folder) => folder !== ''), '/usr/local/include', '/usr/include'];
  return folders.find((folder) => existsSync(path.join(folder, 'simde/x86/avx512.h'))) ?? null;
}
