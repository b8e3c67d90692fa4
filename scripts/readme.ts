import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ReadmeRun {
  /** The arguments of every `console.log`, in order. */
  printed: unknown[][];
  /** The variables that were asked for, by name. */
  variables: Record<string, unknown>;
}

/**
 * Runs the TypeScript blocks of a page of docs/, as a package that has all that the page imports: `runPage('tokenizers.md',
 * import.meta.url)`. Otherwise like `runReadme`.
 */
export async function runPage(page: string, testUrl: string, variables: readonly string[] = []): Promise<ReadmeRun> {
  const file = fileURLToPath(new URL(`../docs/${page}`, import.meta.url));
  return runCode(blocksOf(await readFile(file, 'utf8'), page), testUrl, variables);
}

/**
 * Runs the TypeScript blocks of a package's README.md from its sources, all of them as one module, so that later blocks see what earlier ones
 * declare. Files the code names go into a folder of its own, which is the current one meanwhile and removed afterwards.
 *
 * To be called from a test of vitest in that package, which compiles the code and finds what it imports: `runReadme(import.meta.url)`.
 */
export async function runReadme(testUrl: string, variables: readonly string[] = []): Promise<ReadmeRun> {
  const tests = fileURLToPath(new URL('.', testUrl));
  return runCode(await code(join(tests, '..')), testUrl, variables);
}

async function runCode(program: string, testUrl: string, variables: readonly string[]): Promise<ReadmeRun> {
  const tests = fileURLToPath(new URL('.', testUrl));
  const folder = await mkdtemp(join(tests, '.readme-'));
  const [before, { log }] = [process.cwd(), console];
  const printed: unknown[][] = [];
  try {
    const path = join(folder, 'readme.ts');
    await writeFile(path, `${program}\nexport { ${variables.join(', ')} };\n`);
    process.chdir(folder);
    console.log = (...args) => printed.push(args);
    return { printed, variables: await import(path) };
  } finally {
    console.log = log;
    process.chdir(before);
    await rm(folder, { recursive: true });
  }
}

/** The blocks of TypeScript of a page, one after the other. */
function blocksOf(text: string, page: string): string {
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block);
  if (blocks.length === 0) throw new Error(`${page} has no block of TypeScript`);
  return blocks.join('\n');
}

/** The blocks of README.md one after the other, with the package's own name replaced by its source files. */
async function code(root: string): Promise<string> {
  const { name, exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  return blocksOf(readme, `README.md of ${name}`).replaceAll(/ from '([^']+)'/g, (found, specifier: string) => {
    if (specifier !== name && !specifier.startsWith(`${name}/`)) return found;
    const source = exports[`.${specifier.slice(name.length)}`]?.['@gerbert/source'];
    if (source === undefined) throw new Error(`README.md imports ${specifier}, which ${name} does not export`);
    return ` from ${JSON.stringify(join(root, source))}`;
  });
}
