import { device } from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { adamw, Trainer } from '../src/index.js';
import { need, placement, places } from './places.js';
import { randomSequences, TinyNet, tinyBatch } from './tiny-net.js';

describe.each(places)('on $device in $dtype', (place) => {
  test('no memory is asked of the system once the largest batch was seen', async (context) => {
    need(place, context);
    const period = 7;
    const batches = Array.from({ length: period }, (_, i) => tinyBatch(randomSequences(1 + ((3 * i) % period), i)));
    const model = new TinyNet(placement(place), { dropout: 0.1 });
    const optimizer = adamw(model, { lr: 0.01 });
    const trainer = new Trainer(model, { data: { batch: (i) => batches[i % period]! }, optimizer, steps: 200 });
    const { pool } = device(place.device);
    // How much lies idle may still change, when the collector finds a tensor; what the system gave may not.
    const taken = () => ({ allocations: pool.stats().allocations, bytes: pool.stats().bytes });
    let seen = taken();
    for await (const { step } of trainer.run()) {
      if (step === 2 * period) seen = taken();
      if (step > 2 * period) expect(taken(), `after step ${step}`).toEqual(seen);
    }
    expect(seen.allocations).toBeGreaterThan(0);
    expect(trainer.step).toBe(200);
  });
});
