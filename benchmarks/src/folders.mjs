import { fileURLToPath } from 'node:url';

const here = (to) => fileURLToPath(new URL(to, import.meta.url));

/** Everything that `bench:setup` installs and that a run caches: compiled peaks, exported models. Git ignores it. */
export const peersFolder = here('../.peers');
export const pythonFolder = `${peersFolder}/python`;
export const python = `${pythonFolder}/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`;
/** Python's tokenizers have an environment of their own, since transformers wants other versions of them. */
export const tokenizersFolder = `${peersFolder}/tokenizers`;
export const tokenizersPython = `${tokenizersFolder}/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`;
export const nodeFolder = `${peersFolder}/node`;
export const modelsFolder = `${peersFolder}/models`;

export const sidesFolder = here('sides');
export const peaksSource = here('peaks/peaks.cc');
export const docsFolder = here('../../docs');
