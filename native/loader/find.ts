import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** A place where an addon may be: a file, or a module of a platform package. */
export interface Candidate {
  readonly what: string;
  readonly specifier: string;
}

function libc(): string {
  if (process.platform !== 'linux') return '';
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  report.excludeNetwork = true; // or it would look up the names of network peers
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  report.excludeNetwork = before;
  return header.glibcVersionRuntime ? '-glibc' : '-musl';
}

/** The package that carries the addons of this platform: `@gerbert/native-linux-x64-glibc` and so on. */
export function platformPackage(): string {
  return `@gerbert/native-${process.platform}-${process.arch}${libc()}`;
}

/** The addon that was built here, by `build:addon`; undefined where it was not. */
export function builtHere(file: string): string | undefined {
  const built = fileURLToPath(new URL(`../build/Release/${file}`, import.meta.url));
  return existsSync(built) ? built : undefined;
}

/** The addon that `GERBERT_ADDON` names; undefined where it names none. */
export function named(): Candidate | undefined {
  const file = process.env.GERBERT_ADDON;
  return file === undefined || file === '' ? undefined : { what: `GERBERT_ADDON=${file}`, specifier: resolve(file) };
}

/** The places of an addon in the order in which they are tried: one built here, then the platform package's. */
export function* candidates(file: string): Generator<Candidate> {
  const built = builtHere(file);
  if (built !== undefined) yield { what: built, specifier: built };
  const name = platformPackage();
  yield { what: name, specifier: `${name}/${file}` };
}

/** Loads a candidate's addon; throws an error that says why it cannot be. */
export function load(candidate: Candidate): { exports: unknown; path: string } {
  let path: string;
  try {
    path = require.resolve(candidate.specifier);
  } catch {
    throw new Error(isAbsolute(candidate.specifier) ? 'there is no such file' : 'not installed');
  }
  return { exports: require(path), path };
}
