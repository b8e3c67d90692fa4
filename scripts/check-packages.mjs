// Packs every package as publishing would and checks the tarballs: publint's rules, and those of this house.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { isComplete, pack, publishedPackages } from './packages/pack.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** Scripts that npm would run on the machine of whoever installs the package. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

/** What is wrong with a tarball beyond publint's rules. */
function houseRules(manifest, files) {
  const wrong = [];
  for (const file of ['README.md', 'LICENSE']) {
    if (!files.includes(`package/${file}`)) wrong.push(`holds no ${file}`);
  }
  for (const script of INSTALL_SCRIPTS) {
    if (manifest.scripts?.[script] !== undefined) wrong.push(`has a script '${script}'; nothing runs on installing`);
  }
  for (const field of ['description', 'license', 'engines']) {
    if (manifest[field] === undefined) wrong.push(`says nothing about '${field}' in package.json`);
  }
  if (manifest.main === undefined && manifest.sideEffects !== false) wrong.push(`does not say 'sideEffects: false'`);
  const strays = files.filter((file) => /\/(test|node_modules)\/|\.tsbuildinfo$/.test(file));
  for (const stray of strays) wrong.push(`holds ${stray}`);
  return wrong;
}

async function checkTarball(tarball) {
  const buffer = readFileSync(tarball);
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
  const packed = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));
  const { messages } = await publint({ pack: { tarball: new Uint8Array(buffer).buffer }, strict: true });
  const publints = messages.map((message) => `${message.type}: ${formatMessage(message, packed, { color: false })}`);
  return [...publints, ...houseRules(packed, files)];
}

const packages = publishedPackages(root).filter((candidate) => isComplete(root, candidate));
const unbuilt = packages.filter(
  ({ folder, manifest }) => manifest.scripts?.build && !existsSync(path.join(root, folder, 'dist')),
);
if (unbuilt.length > 0) {
  console.error(`check-packages: ${unbuilt.map(({ name }) => name).join(', ')} not built: run 'npx pnpm build' first`);
  process.exit(1);
}

const scratch = mkdtempSync(path.join(tmpdir(), 'gerbert-pack-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const tarballs = pack(root, packages, scratch);
let faults = 0;
for (const { name } of packages) {
  for (const fault of await checkTarball(tarballs.get(name))) {
    console.error(`${name}: ${fault}`);
    faults++;
  }
}
if (faults > 0) process.exit(1);
console.log(`check-packages: ${packages.length} tarballs are fit to publish`);
