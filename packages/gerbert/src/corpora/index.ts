export type { Corpus, Document } from './corpus.js';
export { eraTask } from './era-task.js';
export { type CorpusOptions, type CorpusSpec, loadCorpus } from './load.js';
export { orderTask } from './order-task.js';
export { sentencesOf } from './sentences.js';
export type { LabelledTask, LabelledText } from './task.js';
