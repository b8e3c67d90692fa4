import type { DType } from './backend.js';
import { type Placement, zeros } from './create.js';
import { GerbertError } from './errors.js';
import { holds, hostArray, type TypedArray } from './host.js';
import type { Initialiser } from './init.js';
import type { PackedPrecision } from './ops/packed-weight.js';
import { checkChoice, checkOptions } from './options.js';
import { keep } from './scope.js';
import { formatShape, type Shape, sameShape, shapeMismatch } from './shape.js';
import { empty, type Tensor } from './tensor.js';

interface Parameter {
  /** Checkpoint names: one, or one for each equal slice of rows of a fused parameter. */
  names: readonly string[];
  tensor: Tensor;
  init: Initialiser;
}

/** How a model is made: where its parameters live and what they begin as. */
export interface ModelOptions extends Placement {
  /** Of the first weights. Default 0. */
  seed?: number;
}

/** A tensor as a file holds it: raw little-endian elements. */
export interface HostTensor {
  dtype: DType;
  shape: Shape;
  data: TypedArray;
}

/**
 * A tree of parameters. Dotted names are those of the checkpoint: a child's name (which may itself be dotted) before its parameters'.
 *
 * Subclasses register what they hold: `this.parameter(name, shape, init)` for parameters, `this.child(name, module)` for modules.
 */
export abstract class Module {
  /** Whether dropout acts. Set by `train()` and `eval()`; false at first. */
  training = false;
  readonly #parameters: Parameter[] = [];
  readonly #children: { name: string; module: Module }[] = [];
  readonly #names = new Set<string>();
  readonly #placement: Placement;
  #packed = false;

  /** Throws `OPTION_UNKNOWN` for what is neither dtype nor device. */
  constructor(placement: Placement = {}) {
    checkOptions('Module', placement, ['dtype', 'device']);
    this.#placement = placement;
  }

  /**
   * Registers a parameter of zeros (see `initialise`), owned by the module. Several names split its rows into equal slices.
   *
   * @throws `NAME_TAKEN`, `SHAPE_MISMATCH` where the rows cannot be split
   */
  protected parameter(name: string | readonly string[], shape: Shape, init: Initialiser): Tensor {
    const names = typeof name === 'string' ? [name] : name;
    if (shape.length === 0 || shape[0]! % names.length !== 0) {
      shapeMismatch('parameter', `rows for ${names.length} equal slices (${names.join(', ')})`, { parameter: shape });
    }
    for (const each of names) this.#take(each);
    const tensor = keep(zeros(shape, this.#placement));
    tensor.requiresGrad = true;
    this.#parameters.push({ names, tensor, init });
    return tensor;
  }

  /** Registers a module below this one. A name of '' adds nothing to its parameters' names. Throws `NAME_TAKEN`. */
  protected child<M extends Module>(name: string, module: M): M {
    if (name !== '') this.#take(name);
    this.#children.push({ name, module });
    return module;
  }

  #take(name: string): void {
    if (this.#names.has(name)) {
      throw new GerbertError('NAME_TAKEN', `${this.constructor.name} has two parameters or modules named ${name}.`);
    }
    this.#names.add(name);
  }

  /** Every parameter once, for an optimiser: a fused one under its first name, and so one that is shared by several modules. */
  *parameters(prefix = ''): Generator<[name: string, parameter: Tensor]> {
    this.#checkUnpacked();
    for (const { name, tensor } of this.#each(prefix)) yield [name, tensor];
  }

  *#each(prefix: string): Generator<{ name: string; tensor: Tensor; init: Initialiser }> {
    const seen = new Set<Tensor>();
    for (const { path, module } of this.#walk(prefix)) {
      for (const { names, tensor, init } of module.#parameters) {
        if (seen.has(tensor)) continue;
        seen.add(tensor);
        yield { name: path + names[0], tensor, init };
      }
    }
  }

  /** Every parameter under each of its checkpoint names; slices of fused ones share their memory. */
  *state(prefix = ''): Generator<[name: string, tensor: Tensor]> {
    this.#checkUnpacked();
    for (const { path, module } of this.#walk(prefix)) {
      for (const { names, tensor } of module.#parameters) {
        const rows = tensor.shape[0]! / names.length;
        for (const [i, name] of names.entries()) {
          yield [path + name, names.length === 1 ? tensor : tensor.rows(i * rows, (i + 1) * rows)];
        }
      }
    }
  }

  /** Number of trainable numbers. */
  parameterCount(): number {
    let count = 0;
    for (const { tensor } of this.#each('')) count += tensor.size;
    return count;
  }

  /** Fills every parameter by its initialiser: the same numbers for a seed on every device, whatever else the model holds. */
  initialise(seed: number): this {
    this.#checkUnpacked();
    for (const { name, tensor, init } of this.#each('')) {
      const values = hostArray(tensor.dtype, tensor.size) as Float32Array | Float64Array;
      init(values, { seed, stream: hash(name) });
      tensor.write(values);
    }
    return this;
  }

  /**
   * Takes the values of every parameter from `state`, converting dtypes. Parameters for which `mayMiss` answers true may be absent and
   * then keep their values (a new head on a pretrained body).
   *
   * @throws `STATE_MISMATCH`, before any parameter is written, where a parameter is missing, has another shape, or data that are not of
   * its shape and dtype
   * @returns the parameters that were missing, and the names in `state` that no parameter asked for
   */
  loadState(
    state: ReadonlyMap<string, HostTensor>,
    options: { mayMiss?: (name: string) => boolean } = {},
  ): { missing: string[]; unused: string[] } {
    checkOptions('loadState', options, ['mayMiss']);
    const { mayMiss = () => false } = options;
    const unused = new Set(state.keys());
    const missing: string[] = [];
    const wrong: string[] = [];
    for (const [name, tensor] of this.state()) {
      const from = state.get(name);
      unused.delete(name);
      if (!from) (mayMiss(name) ? missing : wrong).push(mayMiss(name) ? name : `${name} is missing`);
      else if (!sameShape(from.shape, tensor.shape)) {
        wrong.push(`${name} has shape ${formatShape(from.shape)}, the model needs ${formatShape(tensor.shape)}`);
      } else if (from.data.length !== tensor.size || !holds(from.data, from.dtype)) {
        const data = `${from.data.length} elements in a ${from.data[Symbol.toStringTag]}`;
        wrong.push(`${name} is ${from.dtype} ${formatShape(from.shape)}, but its data are ${data}`);
      }
    }
    if (wrong.length > 0) {
      const more = wrong.length > 5 ? `, and ${wrong.length - 5} more` : '';
      throw new GerbertError(
        'STATE_MISMATCH',
        `The checkpoint does not fit the model: ${wrong.slice(0, 5).join('; ')}${more}.`,
      );
    }
    for (const [name, tensor] of this.state()) {
      const from = state.get(name);
      if (from) writeConverted(tensor, from);
    }
    return { missing, unused: [...unused] };
  }

  /**
   * Lays the weights of all linear layers out for products, and frees their originals: faster, and with `bf16` and `int8` also smaller, but the model
   * can then only be called in `noGrad`, neither trained nor saved. `full`, the default, changes no result. See `packWeight`.
   *
   * @throws `OPTION_UNKNOWN`, `OPTION_RANGE`, `MODEL_PACKED` where it is packed already
   */
  pack(options: { precision?: PackedPrecision } = {}): this {
    checkOptions('pack', options, ['precision']);
    const { precision = 'full' } = options;
    checkChoice('pack: the precision', precision, ['full', 'bf16', 'int8']);
    this.#checkUnpacked();
    for (const { module } of this.#walk('')) {
      module.packWeights(precision);
      module.#packed = true;
    }
    return this;
  }

  /** What `pack` does in this module, children apart: modules that multiply by a weight override it. */
  protected packWeights(_precision: PackedPrecision): void {}

  /** Frees what `packWeights` has made. */
  protected disposePacked(): void {}

  #checkUnpacked(): void {
    for (const { module } of this.#walk('')) {
      if (!module.#packed) continue;
      throw new GerbertError(
        'MODEL_PACKED',
        `The weights of this ${this.constructor.name} were packed, and only serve to call it: load it again to train, change or save it.`,
      );
    }
  }

  /** Lets dropout act, in this module and all below. */
  train(on = true): this {
    for (const { module } of this.#walk('')) module.training = on;
    return this;
  }

  /** Switches dropout off, in this module and all below. */
  eval(): this {
    return this.train(false);
  }

  /** Frees the parameters and their gradients. */
  dispose(): void {
    for (const { tensor } of this.#each('')) {
      tensor.grad?.dispose();
      tensor.dispose();
    }
    for (const { module } of this.#walk('')) module.disposePacked();
  }

  *#walk(path: string): Generator<{ path: string; module: Module }> {
    yield { path, module: this };
    for (const { name, module } of this.#children) yield* module.#walk(name === '' ? path : `${path}${name}.`);
  }
}

function writeConverted(to: Tensor, { dtype, shape, data }: HostTensor): void {
  if (dtype === to.dtype) {
    to.write(data);
    return;
  }
  const raw = empty(shape, dtype, to.device);
  raw.write(data);
  to.device.backend.cast(to, raw);
  to.storage.version += 1;
  raw.dispose();
}

/** FNV-1a over UTF-16 units: a 32-bit number for a name. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
