export { TalesError, type TalesErrorCode } from './errors.js';
export { labelledTales, talesTask } from './labelled.js';
export { splitOfRun } from './splits.js';
export { distinctTales, generateTales, type TalesOptions, tales } from './tales.js';
export type { LabelledExample, Lang, Split, Tale, TaleFacts, TalePerson, TaleThing, TaskInfo } from './types.js';
