// A page of docs from the document that a run gives.
import { cells, headings } from './rows.mjs';

const line = (values) => `| ${values.join(' | ')} |`;

const units = {
  f32: 'f32, GFLOP/s',
  bf16: 'bf16 dot, GFLOP/s',
  int8: 'int8 dot, GOP/s',
  read: 'read, GB/s',
  copy: 'copy, GB/s',
};

function peaksTable(peaks) {
  const counts = Object.keys(peaks);
  return [
    line(['measured peak', ...counts.map((count) => `${count} ${count === '1' ? 'thread' : 'threads'}`)]),
    line(['---', ...counts.map(() => '---:')]),
    ...Object.entries(units).map(([kind, name]) =>
      line([name, ...counts.map((count) => (peaks[count][kind] === null ? 'none' : peaks[count][kind].toFixed(1)))]),
    ),
  ];
}

function suiteSection({ name, about }, rows) {
  const own = rows.filter(({ suite }) => suite === name);
  if (own.length === 0) return [];
  const notes = [
    ...new Set(
      own.filter(({ note }) => note).map((each) => `- ${each.case}, ${each.dtype}, ${each.peer}: ${each.note}`),
    ),
  ];
  return [
    '',
    `## ${name}`,
    '',
    about,
    '',
    line(headings),
    line(headings.map((_, i) => (i === 0 || i === 1 || i === 4 ? '---' : '---:'))),
    ...own.map((each) => line(cells(each))),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ];
}

/**
 * The page. Every figure on it comes from `document`.
 *
 * @param {object} document as `pnpm bench --json` prints it
 * @param {{ name: string, about: string }[]} suites in the order of the page
 */
export function render(document, suites) {
  const { machine, isa, versions, peaks, date, rounds, rows } = document;
  const features = machine.features.length > 0 ? ` (${machine.features.join(', ')})` : '';
  const lines = [
    '<!-- Written by `pnpm bench --write`; changes made here are lost. -->',
    '',
    '# Benchmarks',
    '',
    'Median of interleaved rounds, least and greatest in brackets. The ratio is the peer’s time over ours: above 1 Gerbert is faster, below 1 the peer',
    'is. Every result was compared before it was timed. How it is measured stands in [benchmarks/README.md](../benchmarks/README.md).',
    '',
    line(['', '']),
    line(['---', '---']),
    line(['date', date.slice(0, 10)]),
    line(['processor', `${machine.cpu}, ${machine.cores} cores${features}`]),
    line(['memory', `${machine.memoryGiB} GiB`]),
    line(['system', machine.system]),
    line(['our kernels', isa ?? 'plain JavaScript']),
    line(['rounds', String(rounds)]),
    line([
      'versions',
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ]),
    '',
    ...peaksTable(peaks),
    ...suites.flatMap((suite) => suiteSection(suite, rows)),
  ];
  return `${lines.join('\n')}\n`;
}
