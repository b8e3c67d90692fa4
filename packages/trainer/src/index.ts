export { type Batch, type BatchSource, shuffled } from './data/batches.js';
export { accuracy, f1, macroF1, matthews } from './metrics/classification.js';
export { bitsPerByte, perplexity } from './metrics/language.js';
export { AdamW, type AdamWOptions, adamw } from './optim/adamw.js';
export {
  constantSchedule,
  cosineSchedule,
  linearSchedule,
  type Schedule,
  type ScheduleOptions,
} from './optim/schedules.js';
export { type StepReport, type Trainable, Trainer, type TrainerOptions, type TrainingState } from './trainer.js';
