import { exerciseFiles } from './exercise.js';
import { publishedJsons, spoiltFiles } from './files.js';
import { loadFolder } from './folder.js';

/** Seeds come in, verdicts go out; who started this process watches the time. */
const published = publishedJsons(process.env.GERBERT_DATA);

process.on('message', async (seed: number) => {
  const files = spoiltFiles(seed, published);
  const start = performance.now();
  const verdict = await exerciseFiles(files, loadFolder);
  process.send!({ seed, verdict, milliseconds: performance.now() - start });
});
process.on('disconnect', () => process.exit());
process.send!('ready');
