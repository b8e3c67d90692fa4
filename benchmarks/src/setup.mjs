// Installs the peers into benchmarks/.peers: PyTorch and OpenBLAS in a Python environment, tokenizers in another, and what is on npm in a folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { nodeFolder, peersFolder, python, pythonFolder, tokenizersFolder, tokenizersPython } from './folders.mjs';
import { buildPeaks } from './peaks/peaks.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
/** PyTorch first: the others take the one that is there. */
const pip = [
  ['torch==2.13.0'],
  ['numpy', 'threadpoolctl', 'transformers>=5,<6', 'safetensors', 'onnx', 'onnxscript', 'onnxruntime'],
];
const pipTokenizers = [['numpy', 'tokenizers==0.23.3', 'tiktoken==0.14.0', 'gigatoken==0.10.0']];
const npmPackages = [
  'onnxruntime-node@1.30.0',
  '@tensorflow/tfjs@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
  'tokenizers@0.23.2',
  'tiktoken@1.0.22',
  'gpt-tokenizer@4.0.0',
  'js-tiktoken@1.0.21',
  '@huggingface/tokenizers@0.2.0',
];

/** Runs a command with its output on stderr. Throws where it fails. */
function command(program, args, { cwd = peersFolder, env = {} } = {}) {
  console.error(`$ ${program} ${args.join(' ')}`);
  const { status, error } = spawnSync(program, args, {
    cwd,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed${error ? `: ${error.message}` : ''}`);
}

function findPython() {
  const found = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (!found) throw new Error('there is no python3 on the PATH');
  return found;
}

function installPython(program, folder, steps) {
  if (!existsSync(program)) command(findPython(), ['-m', 'venv', folder]);
  for (const packages of steps) command(program, ['-m', 'pip', 'install', '--quiet', ...packages]);
}

function installNode() {
  mkdirSync(nodeFolder, { recursive: true });
  if (!existsSync(`${nodeFolder}/package.json`)) writeFileSync(`${nodeFolder}/package.json`, '{ "private": true }\n');
  // No scripts: the packages carry what runs on the processor; onnxruntime's script would fetch what runs on a GPU.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', nodeFolder];
  command(npm, ['install', ...quiet, ...npmPackages], { cwd: nodeFolder, env: { ONNXRUNTIME_NODE_INSTALL: 'skip' } });
}

/** Runs an installation unless it has succeeded with these very versions before. */
function once(name, versions, install) {
  const stamp = `${peersFolder}/${name}.installed`;
  const wanted = versions.flat().join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    console.error(`${name}: installed`);
    return true;
  }
  try {
    install();
    writeFileSync(stamp, wanted);
    return true;
  } catch (error) {
    console.error(`${name}: ${error.message}; rows about these peers will say that they are missing`);
    return false;
  }
}

mkdirSync(peersFolder, { recursive: true });
const results = [
  once('python', pip, () => installPython(python, pythonFolder, pip)),
  once('tokenizers', pipTokenizers, () => installPython(tokenizersPython, tokenizersFolder, pipTokenizers)),
  once('node', npmPackages, installNode),
  once('peaks', ['compiled'], buildPeaks),
];
if (results.includes(false)) process.exitCode = 1;
