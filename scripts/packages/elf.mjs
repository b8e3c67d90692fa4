/** What readelf says about a shared library, read for the question where it will load. */

/**
 * The needed libraries that do not match `expected`.
 *
 * @param {string} dynamic output of `readelf --dynamic --wide`
 * @param {RegExp} expected
 */
export function foreignLibraries(dynamic, expected) {
  const needed = [...dynamic.matchAll(/\(NEEDED\)\s+Shared library: \[([^\]]+)\]/g)].map(([, name]) => name);
  return needed.filter((name) => !expected.test(name));
}

/**
 * The undefined symbols with a glibc version, as readelf writes them: `pow@GLIBC_2.29`.
 *
 * @param {string} symbols output of `readelf --dyn-syms --wide`
 */
function versionedSymbols(symbols) {
  return [...symbols.matchAll(/\bUND\s+(\S+?)@+GLIBC_([\d.]+)/g)].map(([, name, version]) => ({ name, version }));
}

/** The highest glibc version that a symbol asks for. @param {string} symbols */
export function requiredGlibc(symbols) {
  const versions = versionedSymbols(symbols).map(({ version }) => version);
  return versions.sort(byVersion).at(-1) ?? 'any';
}

/** The symbols that a glibc of version `oldest` lacks. @param {string} symbols @param {string} oldest */
export function newerSymbols(symbols, oldest) {
  return versionedSymbols(symbols)
    .filter(({ version }) => byVersion(version, oldest) > 0)
    .map(({ name, version }) => `${name} (${version})`);
}

/** Orders `2.4` before `2.28`. @param {string} a @param {string} b */
function byVersion(a, b) {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
