import { GerbertError } from '../errors.js';
import { backwardThrough, record, watched } from '../graph.js';
import { currentScope, scope, synchronous } from '../scope.js';
import { latestOp, type OpKey, resumed } from '../seeded.js';
import { formatShape } from '../shape.js';
import { Tensor } from '../tensor.js';
import { currentPrecision, withPrecision } from './precision.js';

/**
 * fn(…inputs), of which backward keeps no more than the inputs: it computes everything in between a second time (Chen et al. 2016, "Training Deep
 * Nets with Sublinear Memory Cost"). Gradients have the same bits as without, those of parameters and of other tensors that `fn` reads too;
 * dropout has the same masks, and products the precision of the first time.
 *
 * `fn` is synchronous, returns a tensor or an array of tensors, and must compute the same when it is called again in backward. Other tensors that
 * it makes are freed when it is through.
 *
 * @throws `CHECKPOINT_RESULT` where `fn` returns something else, `SCOPE_ASYNC`; in backward `STALE_TENSOR` where something that `fn` read was
 *   overwritten since, `DISPOSED` where it was freed, and `CHECKPOINT_CHANGED` where `fn` made other shapes, dropped out more or less often, or read
 *   another computed tensor
 */
export function checkpoint<I extends readonly Tensor[], T extends Tensor | readonly Tensor[]>(
  fn: (...inputs: I) => T,
  ...inputs: I
): T {
  const began = latestOp();
  const precision = currentPrecision();
  const read = new Set<Tensor>(inputs);
  const { shape, results, outputs } = scope(() => {
    const { result, reads } = watched(() => synchronous('checkpoint', () => fn(...inputs)));
    const own = currentScope()!;
    for (const t of reads) if (!t.disposed && !own.owns(t.storage)) read.add(t);
    const results = tensorsIn(result);
    return { shape: result, results, outputs: results.map((t) => t.detach()) };
  });
  const ended = latestOp();
  const [first, ...others] = outputs;
  const kept = [...read];
  record({
    name: 'checkpoint',
    inputs: kept,
    outputs: [first!, ...others],
    saved: kept,
    backward(gradients) {
      const secondTime = () => withPrecision(precision, () => again(fn, inputs, { began, ended, outputs }));
      backwardThrough(gradients, { outputs, inputs: kept }, secondTime);
    },
  });
  // A tensor that is returned twice is one output, as its gradient is one sum.
  const outputOf = (t: Tensor) => outputs[results.indexOf(t)]!;
  return (shape instanceof Tensor ? outputOf(shape) : shape.map(outputOf)) as T;
}

/** The results of a second call, if they are like those of the first. */
function again<I extends readonly Tensor[]>(
  fn: (...inputs: I) => Tensor | readonly Tensor[],
  inputs: I,
  { began, ended, outputs }: { began: OpKey; ended: OpKey; outputs: readonly Tensor[] },
): Tensor[] {
  return resumed(began, () => {
    const results = tensorsIn(fn(...inputs));
    const shapes = (tensors: readonly Tensor[]) => tensors.map((t) => `${t.dtype} ${formatShape(t.shape)}`).join(', ');
    if (shapes(results) !== shapes(outputs)) changed(`${shapes(outputs)} in forward and ${shapes(results)}`);
    const drawn = latestOp().op;
    if (drawn !== ended.op) changed(`dropout op ${ended.op} last in forward and op ${drawn}`);
    return results;
  });
}

function changed(what: string): never {
  throw new GerbertError('CHECKPOINT_CHANGED', `checkpoint(): the function made ${what} in backward.`);
}

/** The tensors of a result. */
function tensorsIn(result: unknown): Tensor[] {
  const all: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (all.length > 0 && all.every((t) => t instanceof Tensor)) return [...all];
  throw new GerbertError('CHECKPOINT_RESULT', 'checkpoint(fn): fn must return a tensor, or an array of one or more.');
}
