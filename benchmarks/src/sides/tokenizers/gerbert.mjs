// How our tokenizer is called.
import { readFileSync } from 'node:fs';
import { Unsupported } from '../serve.mjs';

async function* linesOf(file) {
  const text = readFileSync(file, 'utf8');
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end + 1;
    yield text.slice(from, to);
    from = to;
  }
}

export const gerbert = {
  versions: async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../../packages/tokenizer/package.json', import.meta.url), 'utf8'),
    );
    return { '@gerbert/tokenizer': version, node: process.versions.node };
  },

  async ids({ file }, { special }) {
    const { loadTokenizer } = await import('@gerbert/tokenizer/node');
    const tokenizer = await loadTokenizer(file);
    if (special) return (texts) => texts.map((text) => tokenizer.encode(text).ids);
    return (texts) => texts.map((text) => tokenizer.encodeIds(text));
  },

  async fields({ file }, { special }) {
    const { loadTokenizer } = await import('@gerbert/tokenizer/node');
    const tokenizer = await loadTokenizer(file);
    const options = { addSpecialTokens: special };
    return (texts) =>
      texts.map((text) => {
        const encoding = tokenizer.encode(text, options);
        const { ids, spans, typeIds, attentionMask, specialTokensMask, words } = encoding;
        return [ids, spans, typeIds, attentionMask, specialTokensMask, words];
      });
  },

  async train({ model, corpus, vocabSize }) {
    const { trainTokenizer } = await import('@gerbert/tokenizer');
    const tokenizer = await trainTokenizer(linesOf(corpus), { ...trainings[model], vocabSize });
    return { outputs: (texts) => trainedOutputs(model, tokenizer, texts) };
  },

  async load(file, text) {
    const { loadTokenizer } = await import('@gerbert/tokenizer/node');
    const tokenizer = await loadTokenizer(file);
    return tokenizer.encodeIds(text);
  },
};

/** The same with words found by the addon, as package gerbert has it. */
export const scanned = {
  versions: gerbert.versions,
  async ids(...given) {
    await useScanner();
    return gerbert.ids(...given);
  },
  async fields(...given) {
    await useScanner();
    return gerbert.fields(...given);
  },
};

async function useScanner() {
  const { useWordScanner } = await import('@gerbert/tokenizer');
  const { loadCpu, wordScanner } = await import('@gerbert/native');
  if (wordScanner() === undefined) throw new Unsupported(`no scanner: ${loadCpu().reason ?? 'the addon has none'}`);
  useWordScanner(wordScanner);
}

/** The same as in python/tokenizers_side.py. */
const trainings = {
  bpe: {
    model: 'bpe',
    preTokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  },
  wordpiece: {
    model: 'wordpiece',
    specialTokens: ['[UNK]'],
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    preTokenizer: { type: 'BertPreTokenizer' },
  },
};

/**
 * BPE: all tokens and merges, exactly. WordPiece: how many tokens there are, and how many texts become; the Rust
 * library's own vocabularies differ from run to run.
 */
async function trainedOutputs(model, tokenizer, texts) {
  if (model === 'wordpiece') {
    const count = texts.reduce((sum, text) => sum + tokenizer.encodeIds(text).length, 0);
    return { sizes: Float32Array.of(tokenizer.vocabSize, count) };
  }
  const { Digest } = await import('../../tokenizer/digest.mjs');
  const digest = new Digest();
  const { vocab, merges } = tokenizer.toJSON().model;
  for (const [token] of Object.entries(vocab).sort(([, a], [, b]) => a - b)) digest.addText(`${token}\n`);
  for (const merge of merges) digest.addText(`${Array.isArray(merge) ? merge.join(' ') : merge}\n`);
  return { digest: digest.values() };
}
