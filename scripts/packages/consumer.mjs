import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { pack, publishedPackages } from './pack.mjs';

const runFile = promisify(execFile);
const WINDOWS = process.platform === 'win32';

/**
 * Packs all packages; the platform's package too, with the addon that was built here, where there is one.
 *
 * @param {string} root
 * @param {string} scratch an existing folder
 * @returns {Map<string, string>} tarballs by package name
 */
export function packForConsumers(root, scratch) {
  const packages = publishedPackages(root);
  const portable = packages.filter(({ folder }) => !folder.startsWith('native/npm/'));
  const tarballs = pack(root, portable, scratch);
  const addon = path.join(root, 'native/build/Release/cpu.node');
  const own = `@gerbert/native-${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`;
  const platform = packages.find(({ name }) => name === own);
  if (platform === undefined || !existsSync(addon)) return tarballs;
  // In a copy, since the workspace's own folder is filled for releases only, with a stripped and checked addon.
  const copy = path.join(scratch, 'platform');
  mkdirSync(copy);
  for (const file of ['package.json', 'README.md'])
    copyFileSync(path.join(root, platform.folder, file), path.join(copy, file));
  copyFileSync(addon, path.join(copy, 'cpu.node'));
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', scratch], {
    cwd: copy,
    encoding: 'utf8',
    shell: WINDOWS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return tarballs.set(own, path.join(scratch, JSON.parse(output)[0].filename));
}

/** An empty project of a user, outside of the workspace, into which packages are installed from tarballs. */
export class Consumer {
  /** @param {string} folder an existing, empty folder */
  constructor(folder) {
    this.folder = folder;
  }

  /** @param {string} file @param {string} text */
  write(file, text) {
    writeFileSync(path.join(this.folder, file), text);
  }

  /**
   * Installs one package; what it needs of Gerbert comes from the tarballs, all else from the registry.
   *
   * @param {string} name
   * @param {Map<string, string>} tarballs
   */
  async install(name, tarballs) {
    const files = Object.fromEntries([...tarballs].map(([other, tarball]) => [other, `file:${tarball}`]));
    const { [name]: own, ...overrides } = files;
    this.write('package.json', JSON.stringify({ private: true, dependencies: { [name]: own }, overrides }));
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error', '--prefer-offline'];
    await this.run('npm', ['install', ...quiet]);
  }

  /** The names of all Gerbert packages that npm has put into the project. */
  installed() {
    const scoped = path.join(this.folder, 'node_modules/@gerbert');
    const names = existsSync(scoped) ? readdirSync(scoped).map((name) => `@gerbert/${name}`) : [];
    return existsSync(path.join(this.folder, 'node_modules/gerbert')) ? [...names, 'gerbert'] : names;
  }

  /** The names by which a package's code is imported: itself and its subpaths. @param {string} name */
  entries(name) {
    const { exports } = JSON.parse(readFileSync(path.join(this.folder, 'node_modules', name, 'package.json'), 'utf8'));
    const subpaths = Object.keys(exports).filter((subpath) => exports[subpath].types !== undefined);
    return subpaths.map((subpath) => `${name}${subpath.slice(1)}`);
  }

  /**
   * Runs a command in the project; rejects with all its output where it fails.
   *
   * @param {string} command
   * @param {string[]} args
   * @returns {Promise<string>} its standard output
   */
  async run(command, args) {
    try {
      const options = { cwd: this.folder, shell: WINDOWS && command !== process.execPath, timeout: 110_000 };
      const { stdout } = await runFile(command, args, options);
      return stdout;
    } catch (error) {
      throw new Error(`${command} ${args.join(' ')}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
    }
  }
}
