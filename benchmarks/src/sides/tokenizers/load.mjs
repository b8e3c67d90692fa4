// A fresh process: `node load.mjs LIBRARY FILE TEXT` prints the ids of the text and how long they took, import and all.
const start = performance.now();
const [, , name, file, text] = process.argv;
const { libraries } = await import('./libraries.mjs');
const ids = await libraries[name].load(file, text);
const ms = performance.now() - start;
process.stdout.write(JSON.stringify({ ms, ids: [...ids] }));
