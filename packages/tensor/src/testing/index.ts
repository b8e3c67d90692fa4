export { allclose, type Closeness } from './allclose.js';
export type { FloatType } from './contract/precision.js';
export type { ContractOptions, TestRunner } from './contract/suite.js';
export { type Differentiable, type GradcheckOptions, gradcheck } from './gradcheck.js';
export { kernelContract } from './kernel-contract.js';
