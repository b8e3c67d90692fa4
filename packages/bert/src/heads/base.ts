import { GerbertError, Module, type Placement } from '@gerbert/tensor';
import { ConfigFile, readState, withBodyPrefix, writeCheckpoint } from '@gerbert/transformer/checkpoint';
import { type BertConfig, readBertConfig, writeBertConfig } from '../config.js';
import { BertModel } from '../model.js';

/** How a model is made: where its parameters live and what they begin as. */
export interface ModelOptions extends Placement {
  /** Of the first weights. Default 0. */
  seed?: number;
}

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

  get device() {
    return this.bert.embeddings.words.weight.device;
  }

  /** Writes `config.json` and `model.safetensors` as Hugging Face libraries read them. */
  async savePretrained(directory: string): Promise<void> {
    await writeCheckpoint(directory, this, { 'config.json': writeBertConfig(this.config, this.architecture) });
  }
}

export type HeadClass<M extends BertWithHead> = new (config: BertConfig, placement?: Placement) => M;

/** A new model with random weights. */
export function fromConfig<M extends BertWithHead>(
  Head: HeadClass<M>,
  config: BertConfig,
  options: ModelOptions = {},
): M {
  const { seed = 0, ...placement } = options;
  return new Head(config, placement).initialise(seed);
}

/**
 * A model from a checkpoint directory. A checkpoint of the bare body, or of another head, gives the body; the head then begins random.
 *
 * @throws `FILE_UNREADABLE`, `CONFIG_MALFORMED`, `CONFIG_UNSUPPORTED`, `SAFETENSORS_MALFORMED`, `STATE_MISMATCH`
 */
export async function fromPretrained<M extends BertWithHead>(
  Head: HeadClass<M>,
  directory: string,
  options: ModelOptions & { labels?: readonly string[] } = {},
): Promise<M> {
  const { labels, ...rest } = options;
  const config = readBertConfig(await ConfigFile.read(directory));
  const state = withBodyPrefix(await readState(directory), 'bert.', (name) =>
    bodyNames.some((b) => name.startsWith(b)),
  );
  const model = fromConfig(Head, labels ? { ...config, labels } : config, rest);
  model.loadState(state, { mayMiss: (name) => !name.startsWith('bert.e') });
  return model;
}

/** Copies the body's parameters (and the pooler's, where both have one) from one model into another of the same configuration. */
export async function copyBody(from: BertWithHead, to: BertWithHead): Promise<void> {
  const target = new Map(to.state());
  for (const [name, source] of from.state()) {
    const tensor = name.startsWith('bert.') ? target.get(name) : undefined;
    if (!tensor) continue;
    if (tensor.size !== source.size) {
      throw new GerbertError(
        'STATE_MISMATCH',
        `copyBody(): ${name} has ${source.size} elements here and ${tensor.size} there.`,
      );
    }
    tensor.write(await source.read());
  }
}
