import {
  checkOptions,
  type Device,
  linear,
  linearCrossEntropy,
  type ModelOptions,
  Module,
  type PackedPrecision,
  type PackedWeight,
  type Placement,
  packWeight,
  type Tensor,
  tensor,
} from '@gerbert/tensor';
import { type CausalModel, KvCache, type Positions, packed } from '@gerbert/transformer';
import {
  ConfigFile,
  loadCheckpoint,
  readState,
  withBodyPrefix,
  writeCheckpoint,
} from '@gerbert/transformer/checkpoint';
import { type GptConfig, readGptConfig, writeGptConfig } from '../config.js';
import type { CausalBatch } from '../data/causal.js';
import { GptModel } from '../model.js';

const architecture = 'GPT2LMHeadModel';

/** GPT with its language-modelling head, whose weight is the token embedding. */
export class GptForCausalLM extends Module implements CausalModel {
  readonly config: GptConfig;
  readonly transformer: GptModel;
  #packedTokens: PackedWeight | null = null;

  constructor(config: GptConfig, placement?: Placement) {
    super(placement);
    this.config = config;
    this.transformer = this.child('transformer', new GptModel(config, placement));
  }

  /** A new model with random weights. Throws `OPTION_UNKNOWN`. */
  static fromConfig(config: GptConfig, options: ModelOptions = {}): GptForCausalLM {
    checkOptions('fromConfig()', options, ['device', 'dtype', 'seed']);
    const { seed = 0, ...placement } = options;
    return new GptForCausalLM(config, placement).initialise(seed);
  }

  /**
   * A model from a checkpoint directory.
   *
   * @throws `FILE_UNREADABLE`, `CONFIG_MALFORMED`, `CONFIG_UNSUPPORTED`, `SAFETENSORS_MALFORMED`, `CHECKPOINT_MALFORMED`, `STATE_MISMATCH`,
   *   `OPTION_UNKNOWN`
   */
  static async fromPretrained(directory: string, placement: Placement = {}): Promise<GptForCausalLM> {
    checkOptions('fromPretrained()', placement, ['device', 'dtype']);
    const config = readGptConfig(await ConfigFile.read(directory));
    const state = withBodyPrefix(await readState(directory), 'transformer.', (name) =>
      /^(wte|wpe|h|ln_f)\./.test(name),
    );
    const model = new GptForCausalLM(config, placement);
    loadCheckpoint(model, state, { directory });
    return model;
  }

  /** Writes `config.json`, `generation_config.json` and `model.safetensors` as Hugging Face libraries read them. */
  async savePretrained(directory: string): Promise<void> {
    const { bosTokenId, eosTokenId } = this.config;
    await writeCheckpoint(directory, this, {
      'config.json': writeGptConfig(this.config, architecture),
      'generation_config.json': { bos_token_id: bosTokenId, eos_token_id: eosTokenId },
    });
  }

  /** See `GptModel.gradientCheckpointing`. */
  get gradientCheckpointing(): boolean {
    return this.transformer.gradientCheckpointing;
  }

  set gradientCheckpointing(value: boolean) {
    this.transformer.gradientCheckpointing = value;
  }

  get device(): Device {
    return this.transformer.tokens.weight.device;
  }

  get maxPositions(): number {
    return this.config.nPositions;
  }

  get vocabSize(): number {
    return this.config.vocabSize;
  }

  hidden(ids: Tensor, at: Positions): Tensor {
    return this.transformer.forward(ids, at);
  }

  logits(hidden: Tensor): Tensor {
    return linear(hidden, this.#packedTokens ?? this.transformer.tokens.weight, null);
  }

  protected override packWeights(precision: PackedPrecision): void {
    this.#packedTokens = packWeight(this.transformer.tokens.weight, { precision });
  }

  protected override disposePacked(): void {
    this.#packedTokens?.dispose();
  }

  /** Σ cross-entropy of every next token. */
  loss({ ids, targets, lengths }: CausalBatch): { lm: Tensor } {
    const { device } = this;
    const at = packed(lengths, { device });
    const hidden = this.hidden(tensor(ids, { dtype: 'i32', device }), at); // [N, C]
    const wanted = tensor(targets, { dtype: 'i32', device });
    return { lm: linearCrossEntropy(hidden, this.transformer.tokens.weight, null, wanted) };
  }

  cache(slots: number, capacity: number): KvCache {
    const { nLayer: layers, nEmbd: width } = this.config;
    const { dtype } = this.transformer.tokens.weight;
    return new KvCache({ layers, width, slots, capacity, device: this.device, dtype });
  }
}
