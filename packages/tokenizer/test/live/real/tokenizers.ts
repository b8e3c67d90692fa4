import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonObject, Tokenizer } from '../../../src/index.js';
import { loadTokenizer } from '../../../src/node/index.js';
import type { Oracle } from '../oracle.js';

/** A published tokenizer: how this package reads it, and the tokenizer.json that the oracle gets. */
export interface RealTokenizer {
  name: string;
  ours: () => Tokenizer | Promise<Tokenizer>;
  oracle: () => Promise<string>;
}

function fromJson(name: string, path: string): RealTokenizer {
  const read = () => readFileSync(path, 'utf8');
  return { name, ours: () => Tokenizer.fromJSON(read()), oracle: async () => read() };
}

/** Token ids and merges as the Rust library reads them from the files of a model. */
async function modelFiles(oracle: Oracle, files: object): Promise<JsonObject> {
  const answer = await oracle.ask<JsonObject>({ ask: 'cases.files', ...files });
  if ('error' in answer) throw new Error(answer.error);
  return answer.value;
}

function special(content: string, id: number): JsonObject {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** What transformers' converter makes of a vocab.txt. */
async function bertConfig(oracle: Oracle, path: string, lowercase: boolean): Promise<string> {
  const vocab = await modelFiles(oracle, { wordpiece: path });
  const token = (id: string, type_id: number): JsonObject => ({ SpecialToken: { id, type_id } });
  const text = (id: string, type_id: number): JsonObject => ({ Sequence: { id, type_id } });
  const single = [token('[CLS]', 0), text('A', 0), token('[SEP]', 0)];
  const own = (content: string) => [content, { id: content, ids: [vocab[content]], tokens: [content] }] as const;
  const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'].filter((content) => Object.hasOwn(vocab, content));
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials
      .map((content) => special(content, vocab[content] as number))
      .sort((a, b) => (a.id as number) - (b.id as number)),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, text('B', 1), token('[SEP]', 1)],
      special_tokens: Object.fromEntries([own('[CLS]'), own('[SEP]')]),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  });
}

function fromVocabTxt(oracle: Oracle, name: string, path: string): RealTokenizer {
  const lowercase = !/(^|[^n])cased/.test(name) || name.includes('uncased');
  return {
    name,
    async ours() {
      const folder = mkdtempSync(join(tmpdir(), 'gerbert-compare-'));
      symlinkSync(path, join(folder, 'vocab.txt'));
      writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ do_lower_case: lowercase }));
      return loadTokenizer(folder);
    },
    oracle: () => bertConfig(oracle, path, lowercase),
  };
}

/** The first GPT: words end in `</w>`, and text is normalized as BERT's. */
async function gpt1Config(oracle: Oracle, folder: string): Promise<string> {
  const files = [join(folder, 'openai-gpt1-vocab.json'), join(folder, 'openai-gpt1-merges.txt')];
  const { vocab, merges } = await modelFiles(oracle, { bpe: files });
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special('<unk>', (vocab as JsonObject)['<unk>'] as number)],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'BPEDecoder', suffix: '</w>' },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges,
    },
  });
}

function gpts(oracle: Oracle, folder: string): RealTokenizer[] {
  const json = fromJson('gpt2 (tokenizer.json)', join(folder, 'tokenizer.json'));
  const gpt1 = () => gpt1Config(oracle, folder);
  return [
    json,
    {
      name: 'gpt2 (encoder.json, vocab.bpe)',
      ours: () => loadTokenizer(join(folder, 'encoder.json')),
      oracle: json.oracle,
    },
    { name: 'openai-gpt', ours: async () => Tokenizer.fromJSON(await gpt1()), oracle: gpt1 },
  ];
}

/** All tokenizers in the data folder. */
export function realTokenizers(oracle: Oracle, data: string): RealTokenizer[] {
  const berts = join(data, 'vocab/bert');
  const folders = readdirSync(berts, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found = folders.flatMap(({ name }) => {
    const files = readdirSync(join(berts, name));
    const list: RealTokenizer[] = [];
    if (files.includes('tokenizer.json'))
      list.push(fromJson(`${name} (tokenizer.json)`, join(berts, name, 'tokenizer.json')));
    if (files.includes('vocab.txt'))
      list.push(fromVocabTxt(oracle, `${name} (vocab.txt)`, join(berts, name, 'vocab.txt')));
    return list;
  });
  return [...found, ...gpts(oracle, join(data, 'vocab/gpt2'))];
}
