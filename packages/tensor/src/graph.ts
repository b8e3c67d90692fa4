import { Binary } from './backend.js';
import { GerbertError } from './errors.js';
import { currentScope, synchronous, within } from './scope.js';
import { sameShape, shapeMismatch } from './shape.js';
import { DisposedError, type Storage } from './storage.js';
import type { Tensor } from './tensor.js';

/** What one op did, kept until `backward` passes it. */
export interface Node {
  readonly name: string;
  readonly sequence: number;
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
  saved: readonly Tensor[];
  versions: readonly number[];
  backward: Backward | null;
}

/** Takes the gradients of the outputs (undefined where none arrived) and hands those of the inputs to `gradients`. */
export type Backward = (gradients: Gradients, dys: readonly (Tensor | undefined)[]) => void;

/** Where a backward function puts the gradients of its op's inputs. */
export interface Gradients {
  /** Whether anyone wants this input's gradient: skip its computation if not. */
  needs(input: Tensor): boolean;
  /** Adds a tensor that holds the gradient: one made here, an output's gradient itself, or any other, which is then copied. */
  give(input: Tensor, gradient: Tensor): void;
  /** Has a kernel write the gradient in place: `accumulate` says whether to add to what is there already. */
  add(input: Tensor, write: (into: Tensor, accumulate: 0 | 1) => void): void;
}

export interface Recorded {
  name: string;
  inputs: readonly (Tensor | null | undefined)[];
  outputs: readonly [Tensor, ...Tensor[]];
  /** Every tensor whose values `backward` reads, inputs and outputs included. */
  saved: readonly (Tensor | null | undefined)[];
  backward: Backward;
}

let sequence = 0;

/** Whether ops are recorded, and who is told what they read where they are not. */
interface Mode {
  readonly recording: boolean;
  readonly reads: Set<Tensor> | null;
}

let mode: Mode = { recording: true, reads: null };

function inMode<T>(wanted: Mode, fn: () => T): T {
  const before = mode;
  mode = wanted;
  try {
    return fn();
  } finally {
    mode = before;
  }
}

/** Runs a synchronous `fn` without recording how tensors are computed. */
export function noGrad<T>(fn: () => T): T {
  return inMode({ recording: false, reads: null }, () => synchronous('noGrad', fn));
}

/** Runs `fn` without recording; returns its result, and every tensor read by an op that would have been recorded. */
export function watched<T>(fn: () => T): { result: T; reads: ReadonlySet<Tensor> } {
  const reads = new Set<Tensor>();
  return { result: inMode({ recording: false, reads }, fn), reads };
}

export function isRecording(): boolean {
  return mode.recording;
}

/** Whether `record` with these inputs would keep a node: if not, nothing needs to be saved for backward. */
export function records(inputs: readonly (Tensor | null | undefined)[]): boolean {
  return mode.recording && inputs.some((t) => t?.requiresGrad);
}

/** Makes `outputs` know how they came about, when recording is on and an input requires a gradient. Returns the first output. */
export function record({ name, inputs, outputs, saved, backward }: Recorded): Tensor {
  const [first] = outputs;
  if (mode.reads) for (const t of [...inputs, ...saved]) if (t) mode.reads.add(t);
  if (!records(inputs)) return first;
  const given = inputs.filter((t): t is Tensor => t != null);
  const kept = saved.filter((t): t is Tensor => t != null);
  const versions = kept.map((t) => t.storage.version);
  const node: Node = { name, sequence: sequence++, inputs: given, outputs, saved: kept, versions, backward };
  for (const output of outputs) output.node = node;
  return first;
}

/**
 * Reverse-mode differentiation from a tensor of one element: every reachable leaf with `requiresGrad` gets d(root)/d(leaf)·scale added to
 * its `grad`. Nodes are visited once, latest first, and let go as they are passed.
 *
 * Throws, before it changes any gradient, `NO_GRADIENT` (nothing here requires one), `GRAPH_CONSUMED` (a second backward through the same
 * graph), `STALE_TENSOR` (a saved tensor was overwritten since) or `DISPOSED` (it was freed).
 */
export function backward(root: Tensor, scale = 1): void {
  if (root.size !== 1) shapeMismatch('backward', 'a tensor of one element', { root: root.shape });
  if (!root.requiresGrad) {
    throw new GerbertError('NO_GRADIENT', 'backward(): nothing this tensor was computed from requires a gradient.');
  }
  const nodes = reachable([root]);
  for (const node of nodes) checkSaved(node);
  const sink = new Sink();
  within(
    () =>
      noGrad(() => {
        const seed = root.emptyLike();
        root.device.backend.fill(seed, scale);
        sink.give(root, seed);
        for (const node of nodes) visit(node, sink);
      }),
    () => false,
  );
}

function checkSaved(node: Node): void {
  if (!node.backward) {
    throw new GerbertError(
      'GRAPH_CONSUMED',
      `backward() has already passed ${node.name}: compute the loss again before a second backward().`,
    );
  }
  node.saved.forEach(({ storage }, i) => {
    if (storage.disposed) throw new DisposedError();
    if (storage.version !== node.versions[i]) {
      throw new GerbertError(
        'STALE_TENSOR',
        `A tensor saved by ${node.name} was overwritten before backward() used it.`,
      );
    }
  });
}

function visit(node: Node, sink: Sink): void {
  const run = node.backward!;
  const dys = node.outputs.map((output) => sink.pending(output));
  if (dys.some((dy) => dy !== undefined)) {
    within(
      () => run(sink, dys),
      (storage) => sink.holds(storage),
    );
  }
  for (const output of node.outputs) sink.done(output);
  node.backward = null;
  node.inputs = node.outputs = node.saved = [];
}

/** The nodes that `roots` hang on, as far back as number `since`, latest first. */
function reachable(roots: readonly Tensor[], since = 0): Node[] {
  const found = new Set<Node>();
  const stack = roots.flatMap(({ node }) => node ?? []);
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (found.has(node) || node.sequence < since) continue;
    found.add(node);
    for (const input of node.inputs) if (input.node && !found.has(input.node)) stack.push(input.node);
  }
  return [...found].sort((a, b) => b.sequence - a.sequence);
}

/**
 * To be called by a backward function: has `fn` compute once more, recorded, what the op's outputs were, and takes their gradients through what that
 * recorded, on to the op's inputs and to leaves. Everything is added in the order in which it would have been without the op around it.
 *
 * @param of the outputs and inputs of the op
 * @throws `CHECKPOINT_CHANGED` where `fn` depends on a computed tensor that is no input of the op: its gradient would go nowhere
 */
export function backwardThrough(
  gradients: Gradients,
  of: { outputs: readonly Tensor[]; inputs: readonly Tensor[] },
  fn: () => readonly Tensor[],
): void {
  const sink = gradients as Sink;
  const since = sequence;
  const results = inMode({ recording: true, reads: null }, fn);
  const nodes = reachable(results, since);
  const reads = [...results, ...nodes.flatMap(({ inputs }) => inputs)];
  if (reads.some((t) => t.node && t.node.sequence < since && !of.inputs.includes(t))) {
    throw new GerbertError(
      'CHECKPOINT_CHANGED',
      'checkpoint(): in backward the function read a computed tensor that it had not read in forward.',
    );
  }
  for (const node of nodes) checkSaved(node);
  for (const [i, output] of of.outputs.entries()) sink.move(output, results[i]!);
  for (const node of nodes) visit(node, sink);
}

/** Gradients on their way. Several tensors may share one gradient's storage, so holders are counted and only a sole holder is added to in place. */
class Sink implements Gradients {
  readonly #pending = new Map<Tensor, Tensor>();
  readonly #holders = new Map<Storage, number>();

  needs(input: Tensor): boolean {
    return input.requiresGrad;
  }

  pending(output: Tensor): Tensor | undefined {
    return this.#pending.get(output);
  }

  holds(storage: Storage): boolean {
    return this.#holders.has(storage);
  }

  /** The node that computed this tensor has been passed: let its gradient go. */
  done(output: Tensor): void {
    const gradient = this.#pending.get(output);
    if (!gradient) return;
    this.#pending.delete(output);
    const { storage } = gradient;
    const holders = this.#holders.get(storage)! - 1;
    if (holders > 0) this.#holders.set(storage, holders);
    else {
      this.#holders.delete(storage);
      storage.release();
    }
  }

  /** Makes the gradient of one tensor that of another. */
  move(from: Tensor, to: Tensor): void {
    const gradient = this.pending(from);
    if (!gradient) return;
    this.give(to, gradient);
    this.done(from);
  }

  give(input: Tensor, gradient: Tensor): void {
    if (!this.needs(input)) return;
    if (!sameShape(input.shape, gradient.shape)) {
      shapeMismatch('backward', 'a gradient shaped as its tensor', { tensor: input.shape, gradient: gradient.shape });
    }
    const { backend } = input.device;
    // Memory from outside this backward is someone else's, and not to be added to or freed here.
    const ours = this.holds(gradient.storage) || currentScope()!.owns(gradient.storage);
    if (ours && input.node !== null && !this.#pending.has(input)) {
      this.#hold(input, gradient);
      return;
    }
    this.add(input, (into, accumulate) => {
      if (accumulate) backend.binary(into, into, gradient, Binary.add);
      else backend.cast(into, gradient);
    });
  }

  add(input: Tensor, write: (into: Tensor, accumulate: 0 | 1) => void): void {
    if (!this.needs(input)) return;
    if (input.node === null) {
      addToLeaf(input, write);
      return;
    }
    let into = this.#pending.get(input);
    if (!into) {
      into = input.emptyLike();
      write(into, 0);
      this.#hold(input, into);
      return;
    }
    if (this.#holders.get(into.storage)! > 1) {
      const own = input.emptyLike();
      input.device.backend.cast(own, into);
      this.done(input);
      this.#hold(input, own);
      into = own;
    }
    write(into, 1);
  }

  #hold(input: Tensor, gradient: Tensor): void {
    this.#pending.set(input, gradient);
    this.#holders.set(gradient.storage, (this.#holders.get(gradient.storage) ?? 0) + 1);
  }
}

function addToLeaf(leaf: Tensor, write: (into: Tensor, accumulate: 0 | 1) => void): void {
  if (leaf.grad) {
    write(leaf.grad, 1);
    leaf.grad.storage.version += 1;
    return;
  }
  // Outlives every scope: it belongs to the leaf until someone disposes it.
  const grad = leaf.emptyLike(null);
  write(grad, 0);
  leaf.grad = grad;
}
