import { describe, test } from 'vitest';
import { hostMemory } from '../src/host-memory.js';
import { reference } from '../src/reference/index.js';
import { kernelContract } from '../src/testing/index.js';

kernelContract(
  { describe, test },
  { name: 'js', open: () => ({ ...hostMemory(), ...reference }), dtypes: ['f32', 'f64'] },
);
