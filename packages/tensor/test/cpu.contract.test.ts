import { describe, test } from 'vitest';
import { cpuBackend } from '../src/devices.js';
import { kernelContract } from '../src/testing/index.js';

kernelContract(
  { describe, test },
  {
    name: 'cpu',
    open() {
      const cpu = cpuBackend();
      return 'backend' in cpu ? cpu.backend : { skip: cpu.unavailable };
    },
    dtypes: ['f32'],
  },
);
