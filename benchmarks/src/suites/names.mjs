/** The pages in docs, and the suites on each in order; every suite has a file of its name. */
export const pages = [
  { page: 'benchmarks.md', suites: ['gemm', 'decode', 'elementwise', 'attention', 'bert', 'train', 'js'] },
  { page: 'benchmarks-tokenizer.md', suites: ['tokenizer'] },
];

export const suiteNames = pages.flatMap(({ suites }) => suites);

/** The pages all of whose suites are among `names`. */
export function pagesOf(names) {
  return pages.filter(({ suites }) => suites.every((name) => names.includes(name)));
}
