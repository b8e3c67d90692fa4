/** The suites, in the order of the page; each has a file of its name. */
export const suiteNames = ['gemm', 'decode', 'elementwise', 'attention', 'bert', 'train', 'js', 'tokenizer'];
