import { describe, expect, test } from 'vitest';
import { constantSchedule, cosineSchedule, linearSchedule, type ScheduleOptions } from '../src/index.js';

const at = (schedule: (step: number) => number, ...steps: number[]) => steps.map(schedule);

test('a constant schedule does nothing', () => {
  expect(at(constantSchedule, 0, 1, 1e9)).toEqual([1, 1, 1]);
});

describe('warm-up rises linearly to 1, then', () => {
  test('a line falls to the floor', () => {
    const schedule = linearSchedule({ warmup: 4, steps: 12 });
    expect(at(schedule, 0, 1, 2, 3, 4, 6, 8, 11, 12, 99)).toEqual([0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.125, 0, 0]);
    expect(at(linearSchedule({ warmup: 0, steps: 4, floor: 0.25 }), 0, 2, 4, 5)).toEqual([1, 0.625, 0.25, 0.25]);
  });

  test('half a cosine falls to the floor', () => {
    const schedule = cosineSchedule({ warmup: 2, steps: 10 });
    const expected = [0.5, 1, 1, 0.5 * (1 + Math.SQRT1_2), 0.5, 0.5 * (1 - Math.SQRT1_2), 0, 0];
    for (const [i, factor] of at(schedule, 0, 1, 2, 4, 6, 8, 10, 50).entries()) {
      expect(factor).toBeCloseTo(expected[i]!, 14);
    }
    expect(at(cosineSchedule({ warmup: 0, steps: 2, floor: 0.5 }), 0, 1, 2)).toEqual([1, 0.75, 0.5]);
  });
});

test('a training may be nothing but warm-up, or nothing', () => {
  expect(at(linearSchedule({ warmup: 3, steps: 3 }), 0, 2, 3)).toEqual([1 / 3, 1, 1]);
  expect(at(linearSchedule({ warmup: 0, steps: 0 }), 0)).toEqual([1]);
});

test.for([linearSchedule, cosineSchedule])('senseless and unknown options are refused: %o', (make) => {
  const refuse = (options: object, code: string) =>
    expect(() => make(options as ScheduleOptions)).toThrow(expect.objectContaining({ code }));
  for (const options of [
    { warmup: -1, steps: 3 },
    { warmup: 0.1, steps: 3 },
    { warmup: 4, steps: 3 },
    { warmup: 1, steps: Number.NaN },
    { warmup: 1 },
    { steps: 3 },
    { warmup: 1, steps: 3, floor: -0.1 },
    { warmup: 1, steps: 3, floor: 2 },
  ]) {
    refuse(options, 'OPTION_RANGE');
  }
  refuse({ warmup: 1, steps: 3, flor: 0 }, 'OPTION_UNKNOWN');
});
