export { type GptConfig, gptConfig } from './config.js';
export { type CausalBatch, CausalData, type CausalDataOptions, causalBatch } from './data/causal.js';
export { GptForCausalLM } from './heads/lm.js';
export { GptModel } from './model.js';
export { type ScoreOptions, scoreText } from './perplexity.js';
export { type Choices, choose } from './prompting.js';
