// A tokenizer's side in Node: `node tokenizers.mjs gerbert`, or a peer of npm's. Cases are described in ../suites/tokenizer.mjs.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Digest } from '../tokenizer/digest.mjs';
import { serve, Unsupported } from './serve.mjs';
import { libraries } from './tokenizers/libraries.mjs';

const name = process.argv[2];
const library = libraries[name];

/** Ids, or all fields, of every document of a slice. */
async function encoding({ vocabulary, texts, fields, special }) {
  if (vocabulary.file === null) throw new Unsupported('this vocabulary is in the data folder, which is not there');
  const make = fields ? library.fields : library.ids;
  if (!make) throw new Unsupported(`it has no ${fields ? 'offsets' : 'ids'}`);
  const slices = JSON.parse(readFileSync(texts, 'utf8'));
  const encode = await make(vocabulary, { special });
  return {
    // The next slice of documents in every round: nobody has seen them before.
    run: async (round) => void (await encode(slices[round % slices.length])),
    async outputs() {
      // By another tokenizer: what is timed has not seen these documents.
      const once = await make(vocabulary, { special });
      const digest = new Digest();
      for (const slice of slices) {
        for (const found of await once(slice)) for (const column of fields ? found : [found]) digest.add(column);
      }
      return { digest: digest.values() };
    },
  };
}

async function training({ model, corpus, vocabSize, sample }) {
  if (!library.train) throw new Unsupported('its trainer takes no such options');
  let trained;
  return {
    run: async () => {
      trained = await library.train({ model, corpus, vocabSize });
    },
    outputs: () => trained.outputs(JSON.parse(readFileSync(sample, 'utf8'))),
  };
}

/** A process of its own each time, which tells how long it took from the first import to the first ids. */
function loading({ vocabulary, text }) {
  if (!library.load) throw new Unsupported('it reads no tokenizer.json');
  if (vocabulary.file === null) throw new Unsupported('this vocabulary is in the data folder, which is not there');
  const program = fileURLToPath(new URL('./tokenizers/load.mjs', import.meta.url));
  const start = () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, name, vocabulary.file, text]);
    if (status !== 0) throw new Error(String(stderr).trim().slice(-300));
    return JSON.parse(stdout);
  };
  const digest = new Digest();
  return {
    run() {},
    time: () => start().ms,
    outputs() {
      digest.add(start().ids);
      return { digest: digest.values() };
    },
  };
}

const cases = { encoding, training, loading };

await serve({
  hello: async () => ({ versions: await library.versions() }),
  async prepare({ case: op, params }) {
    if (!cases[op]) throw new Unsupported(`there is no case '${op}'`);
    try {
      return await cases[op](params);
    } catch (error) {
      throw error.code === 'TOKENIZER_COMPONENT_UNSUPPORTED' ? new Unsupported(error.message) : error;
    }
  },
});
