import type { EncodeOptions, PaddingOptions, Tokenizer, TruncationOptions } from '@gerbert/tokenizer';
import { type Command, Option } from 'commander';
import { UsageError } from '../errors.js';
import { count, oneOf, positiveInteger } from '../options.js';

/** Flags on how a text is encoded. Without any, the tokenizer's own settings hold. */
export interface EncodeFlags {
  pair?: string;
  /** False after `--no-special-tokens`. */
  specialTokens: boolean;
  /** False after `--no-truncation`. */
  truncation: boolean;
  maxLength?: number;
  stride?: number;
  strategy?: 'longest_first' | 'only_first' | 'only_second';
  truncationSide?: 'left' | 'right';
  /** False after `--no-pad`. */
  pad?: number | 'longest' | false;
  padSide?: 'left' | 'right';
  padToMultipleOf?: number;
  padToken?: string;
  padId?: number;
  padTypeId?: number;
}

const sides = ['left', 'right'] as const;
const strategies = ['longest_first', 'only_first', 'only_second'] as const;

export function addEncodeFlags(command: Command): Command {
  const choice = (flags: string, words: string, known: readonly string[]) =>
    new Option(flags, `${words}: ${known.join(', ')}`).argParser(oneOf(known));
  return command
    .option('--pair <text>', 'a second text for every text (JSON: for lines without one)')
    .option('--no-special-tokens', 'without what the post-processor puts around the text, such as [CLS] and [SEP]')
    .option('--max-length <n>', 'cut to this many tokens, special tokens included', count)
    .option('--stride <n>', 'how many tokens each overflowing part repeats', count)
    .addOption(choice('--strategy <name>', 'which of text and pair is cut', strategies))
    .addOption(choice('--truncation-side <side>', 'which end is cut off', sides))
    .option('--no-truncation', 'cut nothing, even where the tokenizer would')
    .option(
      '--pad <length>',
      'pad to this many tokens, or to the longest of a text and its overflowing parts',
      padLength,
    )
    .option('--pad-to-multiple-of <n>', 'round the padded length up', positiveInteger)
    .addOption(choice('--pad-side <side>', 'where padding goes', sides))
    .option('--pad-token <token>', 'what to pad with (default: [PAD], or what the tokenizer says)')
    .option('--pad-id <n>', 'its id, where it is none of the tokenizer', count)
    .option('--pad-type-id <n>', 'its type id', count)
    .option('--no-pad', 'pad nothing, even where the tokenizer would');
}

function padLength(value: string): number | 'longest' {
  return value === 'longest' ? value : count(value);
}

/**
 * The flags as options of `encode`, over the tokenizer's own settings.
 *
 * @throws UsageError `OPTION_INVALID` for flags that would change nothing
 */
export function encodeOptions(flags: EncodeFlags, tokenizer: Tokenizer): EncodeOptions {
  const { specialTokens, pair } = flags;
  const options: EncodeOptions = { truncation: truncationOf(flags, tokenizer), padding: paddingOf(flags, tokenizer) };
  if (pair !== undefined) options.pair = pair;
  if (!specialTokens) options.addSpecialTokens = false;
  return options;
}

/** What of `given` is given. */
function present<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function truncationOf(flags: EncodeFlags, { truncation }: Tokenizer): TruncationOptions | null | undefined {
  const { maxLength, stride, strategy, truncationSide: direction } = flags;
  const given = present({ maxLength, stride, strategy, direction });
  const names = Object.keys(given);
  if (!flags.truncation) {
    if (names.length > 0) throw new UsageError('OPTION_INVALID', '--no-truncation leaves nothing to say about it.');
    return null;
  }
  if (names.length === 0) return undefined;
  const most = maxLength ?? truncation?.maxLength;
  if (most === undefined) {
    const message = '--stride, --strategy and --truncation-side need --max-length, since this tokenizer has no limit.';
    throw new UsageError('OPTION_INVALID', message);
  }
  return { ...truncation, ...given, maxLength: most };
}

function paddingOf(flags: EncodeFlags, { padding }: Tokenizer): PaddingOptions | null | undefined {
  const { padSide: direction, padToMultipleOf: multipleOf, padToken: token, padId: id, padTypeId: typeId } = flags;
  const given = present({ direction, multipleOf, token, id, typeId });
  const names = Object.keys(given);
  if (flags.pad === false) {
    if (names.length > 0) throw new UsageError('OPTION_INVALID', '--no-pad leaves nothing to say about padding.');
    return null;
  }
  const length = typeof flags.pad === 'boolean' ? undefined : flags.pad;
  if (length === undefined && names.length === 0) return undefined;
  if (length === undefined && multipleOf === undefined && padding === undefined) {
    const message =
      '--pad-side, --pad-token, --pad-id and --pad-type-id need --pad, since this tokenizer pads nothing.';
    throw new UsageError('OPTION_INVALID', message);
  }
  const own = { ...padding };
  // Another pad token has another id.
  if (token !== undefined) delete own.id;
  return { ...own, ...given, ...(length === undefined ? {} : { length }) };
}
