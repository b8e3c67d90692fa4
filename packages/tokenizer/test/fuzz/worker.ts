import { exerciseFiles } from './exercise.js';
import { publishedJsons, spoiltFiles } from './files.js';
import { loadFolder } from './folder.js';

/** Seeds come in, verdicts go out; who started this process watches the time. */
const published = publishedJsons(process.env.GERBERT_DATA);

process.on('message', async (seed: number) => {
  const files = spoiltFiles(seed, published);
  const start = process.cpuUsage();
  const verdict = await exerciseFiles(files, loadFolder);
  // A busy machine's other processes do not count.
  const { user, system } = process.cpuUsage(start);
  process.send!({ seed, verdict, milliseconds: (user + system) / 1000 });
});
process.on('disconnect', () => process.exit());
process.send!('ready');
