import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '../files.mjs';
import { bundleRows } from '../tokenizer/bundles.mjs';
import { chineseTexts, dataPath, documentsOf, englishTexts, slicesOf } from '../tokenizer/texts.mjs';
import { isTrained, published, vocabularyFile } from '../tokenizer/vocabularies.mjs';

const ours = 'gerbert-tokenizer';

const rust = ['pypi-tokenizers', 'npm-tokenizers'];
const openai = ['pypi-tiktoken', 'gigatoken', 'npm-tiktoken', 'gpt-tokenizer', 'js-tiktoken'];
const huggingFace = [...rust, 'hf-tokenizers-js'];
/** Ours too; the last of all, so that ours is compared with others' ids first. */
const scanner = 'gerbert-scanner';

/** What is given to the tokenizers; the peers' own names for vocabularies are in `sides/tokenizers`. */
const encodings = [
  { name: 'GPT-2, ids', vocabulary: 'gpt2', peers: [...huggingFace, ...openai, scanner], quick: true },
  {
    name: 'GPT-2, all fields',
    vocabulary: 'gpt2',
    fields: true,
    peers: [...rust, 'pypi-tokenizers-2', scanner],
    quick: true,
  },
  { name: 'BERT uncased, ids', vocabulary: 'bert-uncased', peers: [...huggingFace, scanner], quick: true },
  {
    name: 'BERT uncased, all fields, [CLS] and [SEP]',
    vocabulary: 'bert-uncased',
    fields: true,
    special: true,
    peers: [...rust, 'pypi-tokenizers-2', scanner],
  },
  { name: 'cl100k, ids', vocabulary: 'cl100k', peers: [...openai, ...huggingFace], quick: true },
  { name: 'BERT Chinese, ids', vocabulary: 'bert-chinese', chinese: true, peers: [...huggingFace, scanner] },
];

const trainings = [
  { name: 'training byte-level BPE, 30,000 tokens', model: 'bpe', peers: ['pypi-tokenizers'] },
  { name: 'training WordPiece, 30,000 tokens', model: 'wordpiece', peers: ['pypi-tokenizers'] },
];

/** Compared with what the first peer that is there found; one that found something else is told apart from it. */
function sameAsPeers(_, outputs) {
  const peer = Object.entries(outputs).find(([name, found]) => name !== ours && found)?.[1];
  if (!peer) return null;
  return Object.entries(peer).map(([output, values]) => {
    const want = Float64Array.from(values);
    // The Rust library's WordPiece vocabularies differ from run to run, and with them how many tokens a text becomes.
    const bound = Float64Array.from(want, (each) => (output === 'sizes' ? 0.005 * each : 0));
    return { output, width: want.length, want, bound };
  });
}

/** Files of a run: texts and vocabularies, made when they are first needed. */
class Files {
  #folder;
  #texts = new Map();

  get folder() {
    this.#folder ??= temporaryFolder().folder;
    return this.#folder;
  }

  /** Slices of documents as a file. */
  texts(chinese, rounds, most) {
    const key = chinese ? 'chinese' : 'english';
    const known = this.#texts.get(key);
    if (known) return known;
    const { texts, source } = chinese ? chineseTexts() : englishTexts();
    const { slices, bytes } = slicesOf(documentsOf(texts), rounds + 1, most);
    const file = `${this.folder}/${key}.json`;
    writeFileSync(file, JSON.stringify(slices));
    const made = { file, bytes, source };
    this.#texts.set(key, made);
    return made;
  }

  /** Lines of text for a training, and documents to try what was learnt. */
  corpus(bytes) {
    const file = `${this.folder}/corpus.txt`;
    const sample = `${this.folder}/sample.json`;
    const all = englishTexts().texts.join('\n');
    const text = all.slice(0, bytes);
    writeFileSync(file, text);
    writeFileSync(sample, JSON.stringify([...documentsOf([all.slice(-200_000)])]));
    return { file, sample, bytes: Buffer.byteLength(text) };
  }
}

const withPeers = (peers) =>
  peers.map((side) => ({ side, ...(side.endsWith('-2') ? { params: { read: false } } : {}) }));

/** Paths are found before inputs are asked for; the parameters are sent after. */
function encodingCase({ name, vocabulary, peers, quick, fields = false, special = false, chinese = false }, context) {
  const { files, rounds, most } = context;
  const params = { fields, special };
  const item = {
    name: isTrained(vocabulary) ? `${name} (vocabulary trained here)` : name,
    dtype: 'text',
    threads: 1,
    op: 'encoding',
    ours,
    params,
    inputs: () => ({}),
    expect: sameAsPeers,
    peers: withPeers(peers),
    rotates: true,
    quick,
    async before() {
      params.vocabulary = await described(vocabulary, files.folder);
      if (params.vocabulary.file === null) return;
      const { file, bytes } = files.texts(chinese, rounds, most);
      params.texts = file;
      item.bytes = bytes;
    },
  };
  return item;
}

async function described(name, folder) {
  const ranks = Object.fromEntries(
    ['r50k_base', 'cl100k_base'].map((each) => [each, dataPath('vocab', 'tiktoken', `${each}.tiktoken`) ?? null]),
  );
  return { name, file: await vocabularyFile(name, folder), published: published[name]() !== undefined, ranks };
}

function trainingCase({ name, model, peers }, { files, bytes }) {
  const params = { model, vocabSize: 30_000 };
  const item = {
    name: `${name}, ${bytes / 1e6} MB`,
    dtype: 'text',
    threads: 1,
    op: 'training',
    ours,
    params,
    inputs: () => ({}),
    expect: sameAsPeers,
    peers: withPeers(peers),
    rotates: true,
    rounds: 3,
    async before() {
      const corpus = files.corpus(bytes);
      Object.assign(params, { corpus: corpus.file, sample: corpus.sample });
      item.bytes = corpus.bytes;
    },
  };
  return item;
}

function loadingCase(files) {
  const params = { text: 'The abacus came back to Europe with Gerbert of Aurillac.' };
  return {
    name: isTrained('gpt2') ? 'loading a tokenizer.json (vocabulary trained here)' : "loading GPT-2's tokenizer.json",
    dtype: 'text',
    threads: 1,
    op: 'loading',
    ours,
    params,
    inputs: () => ({}),
    expect: sameAsPeers,
    peers: withPeers(huggingFace),
    rotates: true,
    spawns: true,
    quick: true,
    async before() {
      params.vocabulary = await described('gpt2', files.folder);
    },
  };
}

export const tokenizer = {
  name: 'tokenizer',
  about:
    'Tokenizers on one thread, natural text in documents of 2,000 characters, of which none comes twice. Ids are compared one by one before anything is timed. “All fields” are ids, offsets, type ids, masks and word ids, read by the program that asked for them. Loading is from the first import to the first ids, in a fresh process. Bundles are minified and gzipped, without vocabularies.',
  cases({ rounds, quick }) {
    const files = new Files();
    const context = { files, rounds, most: quick ? 100 : 500, bytes: quick ? 2e6 : 20e6 };
    return [
      ...encodings.map((each) => encodingCase(each, context)),
      ...trainings.map((each) => trainingCase(each, context)),
      loadingCase(files),
    ];
  },
  summarise: bundleRows,
};
