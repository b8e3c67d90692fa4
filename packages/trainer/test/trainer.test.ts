import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  affine,
  checkpoint,
  type HostTensor,
  readSafetensors,
  seeded,
  type Tensor,
  writeSafetensors,
} from '@gerbert/tensor';
import { describe, expect, test } from 'vitest';
import { adamw, linearSchedule, type StepReport, Trainer, type TrainerOptions } from '../src/index.js';
import { need, type Place, placement, places } from './places.js';
import { data, parameters, randomSequences, type TinyBatch, TinyNet, tinyBatch } from './tiny-net.js';

type Options = Partial<TrainerOptions<TinyBatch>>;

function makeTrainer(model: TinyNet, options: Options = {}) {
  // A large ε, or gradients that are nothing but rounding (those of a first row's keys, say) would become whole steps.
  const optimizer = adamw(model, { lr: 0.05, eps: 1e-3 });
  return new Trainer(model, { data, optimizer, steps: 10, ...options });
}

async function run(trainer: Trainer<TinyBatch>): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of trainer.run()) reports.push(report);
  return reports;
}

const losses = (reports: StepReport[]) => reports.map(({ loss, parts }) => ({ loss, parts }));
const code = (name: string) => expect.objectContaining({ code: name });
const js: Place = places.find(({ device, dtype }) => device === 'js' && dtype === 'f32')!;

describe.each(places)('on $device in $dtype', (place) => {
  test('several small batches make the step of one large one, whatever their counts', async (context) => {
    need(place, context);
    const sequences = randomSequences(24, 7);
    // Steps of 8 sequences: at once, and as 1 + 4 + 3, of which some are long.
    const split = [0, 1, 5, 8];
    const large = { batch: (i: number) => tinyBatch(sequences.slice(8 * i, 8 * i + 8)) };
    const small = {
      batch(i: number) {
        const [step, part] = [8 * Math.floor(i / 3), i % 3];
        return tinyBatch(sequences.slice(step + split[part]!, step + split[part + 1]!));
      },
    };
    const [one, three] = [new TinyNet(placement(place)), new TinyNet(placement(place))];
    const whole = await run(makeTrainer(one, { data: large, steps: 3 }));
    const parts = await run(makeTrainer(three, { data: small, steps: 3, accumulate: 3 }));
    // Sums in another order, and at most lr / ε = 50 times their differences after a step.
    const digits = place.dtype === 'f64' ? 11 : 4;
    for (const [i, report] of whole.entries()) {
      expect(parts[i]!.loss).toBeCloseTo(report.loss, digits);
      expect(parts[i]!.tokens).toBe(report.tokens);
      for (const name of ['next', 'small']) expect(parts[i]!.parts[name]).toBeCloseTo(report.parts[name]!, digits);
    }
    const ours = await parameters(three);
    for (const [name, values] of await parameters(one)) {
      for (const [i, value] of values.entries()) expect(ours.get(name)![i], name).toBeCloseTo(value, digits);
    }
  });

  test('bf16 rounds what is multiplied, and trains all the same', async (context) => {
    need(place, context);
    const [full, half] = [new TinyNet(placement(place)), new TinyNet(placement(place))];
    const plain = await run(makeTrainer(full));
    const rounded = await run(makeTrainer(half, { precision: 'bf16' }));
    for (const [i, { loss }] of rounded.entries()) expect(loss).not.toBe(plain[i]!.loss);
    // Before the first step both have the same parameters; factors are off by at most 2⁻⁹ of themselves, and the loss is mostly squares of outputs.
    expect(Math.abs(rounded[0]!.loss - plain[0]!.loss)).toBeLessThan(plain[0]!.loss * 2 ** -7);
    expect(rounded.at(-1)!.loss).toBeLessThan(rounded[0]!.loss);
    expect(() => makeTrainer(half, { precision: 'f16' as never })).toThrow(code('OPTION_RANGE'));
  });

  test('a training taken up again is the one that never stopped, to the bit', async (context) => {
    need(place, context);
    const make = (model: TinyNet) =>
      makeTrainer(model, { accumulate: 2, seed: 9, schedule: linearSchedule({ warmup: 3, steps: 10 }) });
    const model = new TinyNet(placement(place), { dropout: 0.2 });
    const uninterrupted = await run(make(model));

    const folder = await mkdtemp(join(tmpdir(), 'gerbert-resume-'));
    try {
      const begun = new TinyNet(placement(place), { dropout: 0.2 });
      const first = make(begun);
      const reports: StepReport[] = [];
      for await (const report of first.run()) {
        reports.push(report);
        if (report.step === 4) break;
      }
      const { step, optimizer } = await first.state();
      await writeSafetensors(join(folder, 'optimizer.safetensors'), optimizer, { step: String(step) });
      await writeSafetensors(join(folder, 'model.safetensors'), await hostState(begun));

      // Another process would begin with other weights.
      const resumed = new TinyNet(placement(place), { dropout: 0.2, seed: 77 });
      resumed.loadState(await readSafetensors(join(folder, 'model.safetensors')));
      const second = make(resumed);
      second.restore({ step, optimizer: await readSafetensors(join(folder, 'optimizer.safetensors')) });
      reports.push(...(await run(second)));
      expect(losses(reports)).toEqual(losses(uninterrupted));
      expect(await parameters(resumed)).toEqual(await parameters(model));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('the same dropout is drawn as on the reference device', async (context) => {
    need(place, context);
    const train = (where: Place) => run(makeTrainer(new TinyNet(placement(where), { dropout: 0.3 }), { steps: 3 }));
    const [here, there] = [await train(place), await train(js)];
    // Losses near 20 in f32, and steps that multiply what differs by up to lr / ε.
    for (const [i, { loss }] of there.entries()) expect(here[i]!.loss).toBeCloseTo(loss, 3);
  });
});

async function hostState(model: TinyNet): Promise<Map<string, HostTensor>> {
  const all = new Map<string, HostTensor>();
  for (const [name, tensor] of model.state()) {
    all.set(name, { dtype: tensor.dtype, shape: tensor.shape, data: await tensor.read() });
  }
  return all;
}

describe('a report', () => {
  test('tells the mean of every part over its own terms', async () => {
    const model = new TinyNet(placement(js));
    const batches = [data.batch(0) as TinyBatch, data.batch(1) as TinyBatch];
    const sums = { next: 0, small: 0 };
    const counts = { next: 0, small: 0 };
    for (const batch of batches) {
      for (const [name, sum] of Object.entries(model.loss(batch)) as ['next' | 'small', Tensor][]) {
        sums[name] += await sum.item();
        counts[name] += batch.counts[name];
      }
    }
    expect(counts.next).not.toBe(counts.small);
    const schedule = (step: number) => 1 / (step + 2);
    const [first, second] = await run(makeTrainer(model, { steps: 2, accumulate: 2, schedule }));
    expect(first).toMatchObject({ step: 1, factor: 1 / 2, tokens: batches[0]!.tokens + batches[1]!.tokens });
    expect(first!.parts.next).toBeCloseTo(sums.next / counts.next, 5);
    expect(first!.parts.small).toBeCloseTo(sums.small / counts.small, 5);
    expect(first!.loss).toBe(first!.parts.next! + first!.parts.small!);
    expect(first!.tokensPerSecond).toBeGreaterThan(0);
    expect(second).toMatchObject({ step: 2, factor: 1 / 3 });
  });

  test('comes while dropout is off', async () => {
    const model = new TinyNet(placement(js), { dropout: 0.5 });
    const modes: boolean[] = [];
    const training: boolean[] = [];
    const loss = model.loss.bind(model);
    model.loss = (batch) => {
      training.push(model.training);
      return loss(batch);
    };
    for await (const _ of makeTrainer(model, { steps: 3 }).run()) {
      modes.push(model.training);
      model.eval();
    }
    expect([modes, training]).toEqual([
      [false, false, false],
      [true, true, true],
    ]);
  });
});

test('losses fall, and a seed decides over dropout', async () => {
  const train = (seed: number, dropout: number) =>
    run(makeTrainer(new TinyNet(placement(js), { dropout }), { steps: 30, seed }));
  const reports = await train(1, 0.1);
  expect(reports.at(-1)!.loss).toBeLessThan(0.7 * reports[0]!.loss);
  expect(losses(await train(1, 0.1))).toEqual(losses(reports));
  expect(losses(await train(2, 0.1))).not.toEqual(losses(reports));
  expect(losses(await train(1, 0))).toEqual(losses(await train(2, 0)));
});

test('every batch of every step has dropout of its own', async () => {
  const same = { batch: () => data.batch(2) };
  const model = new TinyNet(placement(js), { dropout: 0.5 });
  const still = adamw(model, { lr: 0 });
  const reports = await run(makeTrainer(model, { data: same, optimizer: still, steps: 2, accumulate: 2, seed: 3 }));
  const fresh = new TinyNet(placement(js), { dropout: 0.5 }).train();
  const batch = (await data.batch(2)) as TinyBatch;
  const sum = (step: number) => seeded({ seed: 3, step }, () => fresh.loss(batch).next).item();
  const sums = [await sum(0), await sum(1), await sum(2), await sum(3)] as const;
  expect(new Set(sums).size).toBe(4);
  for (const [step, { parts }] of reports.entries()) {
    expect(parts.next).toBeCloseTo((sums[2 * step]! + sums[2 * step + 1]!) / (2 * batch.counts.next), 5);
  }
});

/** What must hold after a training that failed at its second step. */
async function expectUntouched(
  model: TinyNet,
  trainer: Trainer<TinyBatch>,
  fail: (report: StepReport) => Promise<unknown> | unknown,
) {
  const iterator = trainer.run();
  const { value } = await iterator.next();
  const before = await parameters(model);
  await fail(value as StepReport);
  await expect(iterator.next()).rejects.toThrow();
  expect(await parameters(model)).toEqual(before);
  expect(Array.from(model.parameters(), ([, { grad }]) => grad)).toEqual(Array.from(before, () => null));
  expect([trainer.step, model.training]).toEqual([1, false]);
}

describe('a step that fails leaves parameters and gradients as they were:', () => {
  test.for([Number.NaN, Number.POSITIVE_INFINITY])('a loss of %d', async (bad) => {
    const model = new TinyNet(placement(js));
    const loss = model.loss.bind(model);
    let factor = 1;
    model.loss = (batch) => {
      const parts = loss(batch);
      return { ...parts, small: affine(parts.small, factor) };
    };
    const trainer = makeTrainer(model, { accumulate: 2 });
    await expectUntouched(model, trainer, () => {
      factor = bad;
    });
    factor = bad;
    await expect(trainer.run().next()).rejects.toThrow(code('LOSS_NOT_FINITE'));
    await expect(trainer.run().next()).rejects.toThrow(/'small'.*step 2/);
    // It can go on once the cause is gone.
    factor = 1;
    expect((await run(trainer)).map(({ step }) => step)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('a model that throws at its second batch', async () => {
    const model = new TinyNet(placement(js));
    const loss = model.loss.bind(model);
    let calls = Number.NEGATIVE_INFINITY;
    model.loss = (batch) => {
      if (++calls === 2) throw new Error('broken');
      return loss(batch);
    };
    await expectUntouched(model, makeTrainer(model, { accumulate: 3 }), () => {
      calls = 0;
    });
  });

  test('data that cannot be had', async () => {
    const model = new TinyNet(placement(js));
    const broken = {
      batch: (i: number) => (i < 3 ? data.batch(i) : Promise.reject(new Error('no more'))),
    };
    await expectUntouched(model, makeTrainer(model, { data: broken, accumulate: 2 }), () => {});
  });

  test('a signal between steps', async () => {
    const controller = new AbortController();
    const model = new TinyNet(placement(js));
    await expectUntouched(model, makeTrainer(model, { signal: controller.signal }), () => controller.abort());
  });

  test('a signal within a step', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const model = new TinyNet(placement(js));
    const loss = model.loss.bind(model);
    let calls = 0;
    model.loss = (batch) => {
      // The fifth batch is the second of the second step.
      if (++calls === 5) controller.abort(reason);
      return loss(batch);
    };
    const trainer = makeTrainer(model, { accumulate: 3, signal: controller.signal });
    await expectUntouched(model, trainer, () => {});
    expect(calls).toBe(5);
    await expect(trainer.run().next()).rejects.toBe(reason);
  });
});

test('a part of the loss that no batch counts is an error', async () => {
  const uncounted = {
    batch: (i: number) => ({ ...(data.batch(i) as TinyBatch), counts: { next: 3 } as TinyBatch['counts'] }),
  };
  const trainer = makeTrainer(new TinyNet(placement(js)), { data: uncounted });
  await expect(trainer.run().next()).rejects.toThrow(code('BATCH_COUNTS'));
  await expect(trainer.run().next()).rejects.toThrow("'small'");
});

test('other work goes on between the batches', async () => {
  let turns = 0;
  let done = false;
  const turn = () => {
    turns += 1;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  await run(makeTrainer(new TinyNet(placement(js)), { steps: 2, accumulate: 8 }));
  done = true;
  expect(turns).toBeGreaterThanOrEqual(15);
});

test('an endless training ends when it is left', async () => {
  const trainer = makeTrainer(new TinyNet(placement(js)), { steps: Number.POSITIVE_INFINITY });
  for await (const { step } of trainer.run()) if (step === 13) break;
  expect(trainer.step).toBe(13);
});

test('gradientCheckpointing is set on the model, and changes no bit', async () => {
  class Checkpointing extends TinyNet {
    gradientCheckpointing = false;
    runs = 0;

    override loss(batch: TinyBatch) {
      const parts = () => {
        this.runs += 1;
        const { next, small } = super.loss(batch);
        return [next, small] as const;
      };
      const [next, small] = this.gradientCheckpointing ? checkpoint(parts) : parts();
      return { next, small };
    }
  }
  const [steps, seed] = [4, 3];
  const train = async (options: Options) => {
    const model = new Checkpointing(placement(js), { dropout: 0.3 });
    const curve = losses(await run(makeTrainer(model, { steps, seed, ...options })));
    return { curve, runs: model.runs, weights: await parameters(model) };
  };
  const plain = await train({});
  expect(plain.runs).toBe(steps);
  expect(await train({ gradientCheckpointing: false })).toEqual(plain);
  expect(await train({ gradientCheckpointing: true })).toEqual({ ...plain, runs: 2 * steps });
});

test('senseless and unknown options are refused', () => {
  const make = (options: object) => () => makeTrainer(new TinyNet(placement(js)), options);
  for (const options of [
    { steps: -1 },
    { steps: 1.5 },
    { steps: Number.NaN },
    { accumulate: 0 },
    { accumulate: 1.5 },
  ]) {
    expect(make(options), JSON.stringify(options)).toThrow(code('OPTION_RANGE'));
  }
  expect(make({ epochs: 3 })).toThrow(code('OPTION_UNKNOWN'));
  expect(make({ acumulate: 3 })).toThrow("did you mean 'accumulate'?");
  expect(make({ gradientCheckpointing: true })).toThrow(code('OPTION_RANGE'));
  expect(make({ seed: undefined, schedule: undefined, signal: undefined })).not.toThrow();
});
