import {
  checkOptions,
  formatShape,
  GerbertError,
  type HostTensor,
  type ModelOptions,
  Module,
  type Placement,
  type Tensor,
} from '@gerbert/tensor';
import {
  ConfigFile,
  loadCheckpoint,
  readState,
  withBodyPrefix,
  withNewNormNames,
  writeCheckpoint,
} from '@gerbert/transformer/checkpoint';
import { type BertConfig, readBertConfig, writeBertConfig } from '../config.js';
import { BertModel } from '../model.js';

const modelOptions = ['device', 'dtype', 'seed'];
const bodyNames = ['embeddings.', 'encoder.', 'pooler.'];

/** A BERT with a head on it, and its way to and from a directory. */
export abstract class BertWithHead extends Module {
  readonly config: BertConfig;
  /** The class as configuration files name it. */
  abstract readonly architecture: string;
  readonly bert: BertModel;
  readonly placement: Placement;

  constructor(config: BertConfig, placement: Placement = {}) {
    super(placement);
    this.config = config;
    this.placement = placement;
    this.bert = this.child('bert', new BertModel(config, placement));
  }

  /** See `BertModel.gradientCheckpointing`. */
  get gradientCheckpointing(): boolean {
    return this.bert.gradientCheckpointing;
  }

  set gradientCheckpointing(value: boolean) {
    this.bert.gradientCheckpointing = value;
  }

  get device() {
    return this.bert.embeddings.words.weight.device;
  }

  /** Writes `config.json` and `model.safetensors` as Hugging Face libraries read them. */
  async savePretrained(directory: string): Promise<void> {
    await writeCheckpoint(directory, this, { 'config.json': writeBertConfig(this.config, this.architecture) });
  }
}

export type HeadClass<M extends BertWithHead> = new (config: BertConfig, placement?: Placement) => M;

/** A new model with random weights. Throws `OPTION_UNKNOWN`. */
export function fromConfig<M extends BertWithHead>(
  Head: HeadClass<M>,
  config: BertConfig,
  options: ModelOptions = {},
): M {
  checkOptions('fromConfig()', options, modelOptions);
  const { seed = 0, ...placement } = options;
  return new Head(config, placement).initialise(seed);
}

/**
 * A model from a checkpoint directory. A checkpoint of the bare body, or of another head, gives the body; the head then begins random.
 *
 * @param complete what the head adds to the configuration that was read
 * @throws `FILE_UNREADABLE`, `CONFIG_MALFORMED`, `CONFIG_UNSUPPORTED`, `SAFETENSORS_MALFORMED`, `CHECKPOINT_MALFORMED`, `STATE_MISMATCH`,
 *   `OPTION_UNKNOWN`
 */
export async function fromPretrained<M extends BertWithHead>(
  Head: HeadClass<M>,
  directory: string,
  options: ModelOptions = {},
  complete: (config: BertConfig, state: ReadonlyMap<string, HostTensor>) => BertConfig = (config) => config,
): Promise<M> {
  checkOptions('fromPretrained()', options, modelOptions);
  const config = readBertConfig(await ConfigFile.read(directory));
  const state = withBodyPrefix(withNewNormNames(await readState(directory)), 'bert.', (name) =>
    bodyNames.some((b) => name.startsWith(b)),
  );
  const model = fromConfig(Head, complete(config, state), options);
  loadCheckpoint(model, state, { directory, mayMiss: (name) => !isOfEncoder(name) });
  return model;
}

/** Whether a parameter belongs to the embeddings or layers that every BERT has; the pooler and the heads are not in all checkpoints. */
function isOfEncoder(name: string): boolean {
  return name.startsWith('bert.embeddings.') || name.startsWith('bert.encoder.');
}

/**
 * Copies the body's parameters (and the pooler's, where both have one) from one model into another of the same shape and dtype.
 *
 * @throws `STATE_MISMATCH`, before anything is written
 */
export async function copyBody(from: BertWithHead, to: BertWithHead): Promise<void> {
  const describe = (tensor?: Tensor) => (tensor ? `${tensor.dtype} ${formatShape(tensor.shape)}` : 'missing');
  const [sources, targets] = [new Map(from.state()), new Map(to.state())];
  const body: [source: Tensor, target: Tensor][] = [];
  for (const name of new Set([...sources.keys(), ...targets.keys()])) {
    const [source, target] = [sources.get(name), targets.get(name)];
    if (!isOfEncoder(name) && !(name.startsWith('bert.') && source && target)) continue;
    if (!source || !target || describe(source) !== describe(target)) {
      const what = `${name} is ${describe(source)} in the source and ${describe(target)} in the target`;
      throw new GerbertError('STATE_MISMATCH', `copyBody(): ${what}.`);
    }
    body.push([source, target]);
  }
  for (const [source, target] of body) target.write(await source.read());
}
