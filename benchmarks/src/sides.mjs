// Who computes: Gerbert and its peers, each a process of its own that is started when first needed.
import { existsSync } from 'node:fs';
import { Child, ChildError } from './child.mjs';
import { nodeFolder, python, sidesFolder, tokenizersPython } from './folders.mjs';
import { processorMs } from './processor.mjs';

const node = (file, ...args) => ({ command: process.execPath, args: [`${sidesFolder}/${file}`, ...args] });
const script = (name) => ({ command: python, args: [`${sidesFolder}/python/side.py`, name] });
const needsPython = () => existsSync(python);
const needs = (name) => () => existsSync(`${nodeFolder}/node_modules/${name}/package.json`);

const oneThread = { RAYON_NUM_THREADS: '1' };
/** A tokenizer of PyPI's, or of npm's. */
const pypi = (label, name) => ({
  label,
  command: tokenizersPython,
  args: [`${sidesFolder}/python/side.py`, name],
  installed: () => existsSync(tokenizersPython),
  env: oneThread,
});
const npm = (label, name, key) => ({
  label,
  ...node('tokenizers.mjs', key),
  installed: needs(name),
  env: oneThread,
});

/**
 * How each side is started, what rows call it, and whether it is installed. Threads that wait for the next product by spinning would take time
 * from the other side: OpenBLAS's give up after 2^20 cycles rather than 2^26; those of libgomp (PyTorch) and onnxruntime within milliseconds.
 */
export const sides = {
  gerbert: { label: 'Gerbert', ...node('gerbert.mjs', 'cpu') },
  /** Another one, for comparing Gerbert with itself. */
  'gerbert-2': { label: 'Gerbert', ...node('gerbert.mjs', 'cpu') },
  'gerbert-js': { label: 'Gerbert in plain JavaScript', ...node('gerbert.mjs', 'js') },
  openblas: {
    label: 'OpenBLAS',
    ...script('openblas'),
    installed: needsPython,
    env: { OPENBLAS_THREAD_TIMEOUT: '20' },
  },
  torch: { label: 'PyTorch', ...script('torch'), installed: needsPython },
  onnxruntime: { label: 'onnxruntime-node', ...node('onnxruntime.mjs'), installed: needs('onnxruntime-node') },
  'tfjs-cpu': { label: 'tfjs cpu', ...node('tfjs.mjs', 'cpu'), installed: needs('@tensorflow/tfjs') },
  'tfjs-wasm': { label: 'tfjs wasm', ...node('tfjs.mjs', 'wasm'), installed: needs('@tensorflow/tfjs-backend-wasm') },
  'gerbert-tokenizer': { label: 'Gerbert', ...node('tokenizers.mjs', 'gerbert') },
  'gerbert-scanner': { label: 'Gerbert with native scanner', ...node('tokenizers.mjs', 'scanned') },
  'pypi-tokenizers': pypi('tokenizers (PyPI)', 'tokenizers'),
  /** Another one, which is not asked for what it has computed. */
  'pypi-tokenizers-2': pypi('tokenizers (PyPI), fields not read', 'tokenizers'),
  'pypi-tiktoken': pypi('tiktoken (PyPI)', 'tiktoken'),
  gigatoken: pypi('gigatoken (PyPI)', 'gigatoken'),
  'npm-tokenizers': npm('tokenizers (npm)', 'tokenizers', 'tokenizers'),
  'npm-tiktoken': npm('tiktoken (npm, WebAssembly)', 'tiktoken', 'tiktoken'),
  'gpt-tokenizer': npm('gpt-tokenizer (npm)', 'gpt-tokenizer', 'gpt-tokenizer'),
  'js-tiktoken': npm('js-tiktoken (npm)', 'js-tiktoken', 'js-tiktoken'),
  'hf-tokenizers-js': npm('@huggingface/tokenizers (npm)', '@huggingface/tokenizers', 'hf'),
};

/** The processes of a run. */
export class Sides {
  #running = new Map();
  #table;
  /** Versions of everything that has been started. */
  versions = {};
  /** The instruction set of Gerbert's kernels. */
  isa = null;

  constructor(table = sides) {
    this.#table = table;
  }

  label(name) {
    return this.#table[name].label;
  }

  installed(name) {
    return this.#table[name].installed?.() ?? true;
  }

  /** The process of a side, started if there is none. Throws `ChildError`. */
  async get(name) {
    const known = this.#running.get(name);
    if (known?.alive) return known;
    if (!this.installed(name))
      throw new ChildError('unsupported', `${this.label(name)} is not installed: pnpm bench:setup`);
    const { label, command, args, env } = this.#table[name];
    const quiet = { TOKENIZERS_PARALLELISM: 'false', HF_HUB_OFFLINE: '1', TF_CPP_MIN_LOG_LEVEL: '2' };
    const child = new Child(label, command, args, { env: { ...quiet, ...env } });
    this.#running.set(name, child);
    const { versions, isa } = await child.request({ op: 'hello' }, { timeoutMs: 120_000 });
    Object.assign(this.versions, versions);
    if (isa) this.isa = isa;
    return child;
  }

  /** Processor time that all processes have used, and that all but one have. */
  processorMs(child) {
    const running = [...this.#running.values()].filter(({ alive }) => alive);
    const sum = (children) => children.reduce((ms, { pid }) => ms + processorMs(pid), 0);
    return { all: sum(running), others: sum(running.filter((other) => other !== child)) };
  }

  /** Ends one process, or all. */
  async close(name) {
    const ending = name === undefined ? [...this.#running.keys()] : [name];
    await Promise.all(ending.map((each) => this.#running.get(each)?.close()));
    for (const each of ending) this.#running.delete(each);
  }
}
