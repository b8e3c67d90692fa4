export type { Discounts } from './discounts.js';
export { BaselineError, type BaselineErrorCode } from './errors.js';
export { trainUnigram, uniform } from './frequencies.js';
export {
  type ChosenKneserNey,
  chooseKneserNey,
  KneserNey,
  type KneserNeyOptions,
  trainKneserNey,
} from './kneser-ney.js';
export { type LanguageModel, type LanguageModelResult, languageModelResult, type Score } from './result.js';
