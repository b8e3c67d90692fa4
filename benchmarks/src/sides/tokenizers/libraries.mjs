// How each tokenizer of Node is called, in its fastest way on one thread.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { nodeFolder } from '../../folders.mjs';
import { Unsupported } from '../serve.mjs';
import { gerbert, scanned } from './gerbert.mjs';

const require = createRequire(`${nodeFolder}/package.json`);
const versionOf = (name) => JSON.parse(readFileSync(`${nodeFolder}/node_modules/${name}/package.json`, 'utf8')).version;
const versions = (name) => async () => ({ [`${name} (npm)`]: versionOf(name) });
const importFrom = (file) => import(pathToFileURL(`${nodeFolder}/node_modules/${file}`));

/** What encoders that know OpenAI's vocabularies by name call them. */
const names = { gpt2: 'r50k_base', cl100k: 'cl100k_base' };

/** Vocabularies that were trained here are nobody's by name. */
const known = ({ name, published }) => published && names[name] !== undefined;

function unknown({ name, published }) {
  return new Unsupported(`it knows no ${published ? name : 'vocabulary that was trained here'}`);
}

/** Rust, through Node-API. */
const tokenizers = {
  versions: versions('tokenizers'),
  ids({ file }, { special }) {
    const tokenizer = require('tokenizers').Tokenizer.fromFile(file);
    const options = { addSpecialTokens: special };
    return async (texts) => (await tokenizer.encodeBatch(texts, options)).map((encoding) => encoding.getIds());
  },
  fields({ file }, { special }) {
    const tokenizer = require('tokenizers').Tokenizer.fromFile(file);
    const options = { addSpecialTokens: special };
    return async (texts) =>
      (await tokenizer.encodeBatch(texts, options)).map((encoding) => [
        encoding.getIds(),
        encoding.getOffsets().flat(),
        encoding.getTypeIds(),
        encoding.getAttentionMask(),
        encoding.getSpecialTokensMask(),
        encoding.getWordIds().map((word) => word ?? -1),
      ]);
  },
  async load(file, text) {
    const tokenizer = require('tokenizers').Tokenizer.fromFile(file);
    return (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds();
  },
};

/** Rust, as WebAssembly. */
const tiktoken = {
  versions: versions('tiktoken'),
  ids(vocabulary) {
    if (!known(vocabulary)) throw unknown(vocabulary);
    const encoding = require('tiktoken').get_encoding(names[vocabulary.name]);
    return (texts) => texts.map((text) => encoding.encode_ordinary(text));
  },
};

const gptTokenizer = {
  versions: versions('gpt-tokenizer'),
  async ids(vocabulary) {
    if (!known(vocabulary)) throw unknown(vocabulary);
    const { encode } = await importFrom(`gpt-tokenizer/esm/encoding/${names[vocabulary.name]}.js`);
    return (texts) => texts.map((text) => encode(text));
  },
};

const jsTiktoken = {
  versions: versions('js-tiktoken'),
  async ids(vocabulary) {
    if (!known(vocabulary)) throw unknown(vocabulary);
    const { getEncoding } = require('js-tiktoken');
    const encoding = getEncoding(names[vocabulary.name]);
    return (texts) => texts.map((text) => encoding.encode(text, [], []));
  },
};

/** Plain JavaScript of Hugging Face. */
const hf = {
  versions: versions('@huggingface/tokenizers'),
  async ids({ file }, { special }) {
    const { Tokenizer } = require('@huggingface/tokenizers');
    const tokenizer = new Tokenizer(JSON.parse(readFileSync(file, 'utf8')), {});
    const options = { add_special_tokens: special };
    return (texts) => texts.map((text) => tokenizer.encode(text, options).ids);
  },
  load(file, text) {
    const { Tokenizer } = require('@huggingface/tokenizers');
    const tokenizer = new Tokenizer(JSON.parse(readFileSync(file, 'utf8')), {});
    return tokenizer.encode(text, { add_special_tokens: false }).ids;
  },
};

export const libraries = {
  gerbert,
  scanned,
  tokenizers,
  tiktoken,
  'gpt-tokenizer': gptTokenizer,
  'js-tiktoken': jsTiktoken,
  hf,
};
