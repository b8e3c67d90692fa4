import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { filesBelow } from '../setup/fingerprint.mjs';
import { findCycles, reachable } from './file-graph.mjs';
import { TEST_IMPORTS, TEST_TOOLS } from './floor-plan.mjs';
import { readImports } from './read-imports.mjs';

const SOURCE = /\.[cm]?[jt]s$/;
/** Packages that hold nothing but the addon for one platform; the loader names them at run time. */
const PLATFORM_PACKAGE = /^@gerbert\/native-/;

/**
 * All breaches of the floor plan in one package, as `file:line: what is wrong`.
 *
 * @param {string} root
 * @param {string} name
 * @param {Map<string, import('./floor-plan.mjs').Place>} plan
 * @returns {string[]}
 */
export function checkPackage(root, name, plan) {
  const place = plan.get(name);
  if (place === undefined) return [`${name}: has no place in scripts/imports/floor-plan.mjs`];
  const checker = new PackageChecker(root, name, place, plan);
  checker.checkFiles();
  checker.checkManifest();
  checker.checkCycles();
  checker.checkPure();
  return checker.breaches;
}

class PackageChecker {
  constructor(root, name, place, plan) {
    this.root = root;
    this.name = name;
    this.place = place;
    this.plan = plan;
    this.folder = path.join(root, place.folder);
    this.manifest = readManifest(this.folder);
    /** @type {string[]} */
    this.breaches = [];
    /** Packages that the published files import. @type {Set<string>} */
    this.used = new Set();
    /**
     * For each file of the package the files that it imports (`loads`: without type imports), and modules from elsewhere.
     *
     * @type {Map<string, { files: Set<string>, loads: Set<string>, modules: Set<string> }>}
     */
    this.graph = new Map();
  }

  /** @param {string} file @param {number | null} line @param {string} what */
  report(file, line, what) {
    this.breaches.push(`${path.relative(this.root, file)}${line === null ? '' : `:${line}`}: ${what}`);
  }

  checkFiles() {
    for (const file of filesBelow(this.folder).filter((name) => SOURCE.test(name))) {
      const node = { files: new Set(), loads: new Set(), modules: new Set() };
      this.graph.set(file, node);
      for (const { specifier, line, isType } of readImports(file)) {
        if (specifier === null) {
          // Tests run what they have written, such as the examples of a README.
          if (this.isPublished(file)) this.report(file, line, 'imports a computed name, which cannot be checked');
        } else if (specifier.startsWith('.')) {
          const target = this.checkRelative(file, line, specifier);
          if (target !== null) node.files.add(target);
          if (target !== null && !isType) node.loads.add(target);
        } else {
          node.modules.add(specifier);
          this.checkBare(file, line, specifier);
        }
      }
    }
  }

  /** The published folders, and what is built from them. */
  isPublished(file) {
    const [top, ...rest] = path.relative(this.folder, file).split(path.sep);
    return rest.length > 0 && (this.manifest.files ?? []).some((entry) => entry.split('/')[0] === top);
  }

  /** Returns the file that a relative path names, or null where it is no source of the package. */
  checkRelative(file, line, specifier) {
    const target = path.resolve(path.dirname(file), specifier);
    const inside = target === this.folder || target.startsWith(this.folder + path.sep);
    // Settings in the package's own folder (vitest.config.ts) extend the root's.
    const tool = !this.isPublished(file) && TEST_TOOLS.includes(path.relative(this.root, target));
    if (!inside && !tool && path.dirname(file) !== this.folder) {
      this.report(file, line, `'${specifier}' leaves the package; import other packages by their names`);
    }
    const resolved = this.resolveSource(target);
    if (resolved !== null && this.isPublished(file) && !this.isPublished(resolved)) {
      this.report(file, line, `'${specifier}' is not among the package's published files`);
    }
    return resolved;
  }

  /** The source behind a path that names its compiled form, or null where it is none of the package's sources. */
  resolveSource(target) {
    const sources = existsSync(path.join(this.folder, 'loader')) ? 'loader' : 'src';
    const dist = path.join(this.folder, 'dist') + path.sep;
    const source = target.startsWith(dist) ? path.join(this.folder, sources, target.slice(dist.length)) : target;
    const candidates = [source.replace(/\.([cm]?)js$/, '.$1ts'), source];
    return candidates.find((file) => SOURCE.test(file) && existsSync(file)) ?? null;
  }

  checkBare(file, line, specifier) {
    if (specifier.startsWith('node:')) return;
    const library = packageOf(specifier);
    if (builtinModules.includes(library)) {
      this.report(file, line, `'${specifier}' is a module of Node: write 'node:${specifier}'`);
      return;
    }
    const published = this.isPublished(file);
    if (published) this.used.add(library);
    if (library === this.name) {
      if (published) this.report(file, line, `imports its own package by name; use a relative path`);
    } else if (this.plan.has(library)) {
      this.checkEdge(file, line, specifier, published);
    } else if (published && this.place.libraries === false) {
      this.report(file, line, `'${specifier}': ${this.name} imports no libraries`);
    }
    this.checkDeclared(file, line, library, published);
  }

  checkEdge(file, line, specifier, published) {
    const library = packageOf(specifier);
    if (!this.place.imports.includes(library) && (published || !TEST_IMPORTS.includes(specifier))) {
      this.report(file, line, `${this.name} may not import '${specifier}': imports point down only`);
    }
    const target = this.plan.get(library);
    const exports = target && readManifest(path.join(this.root, target.folder)).exports;
    const subpath = `.${specifier.slice(library.length)}`;
    if (exports !== undefined && exports[subpath] === undefined) {
      this.report(file, line, `'${specifier}' is not among the exports of ${library}`);
    }
  }

  checkDeclared(file, line, library, published) {
    const { dependencies, peerDependencies, optionalDependencies, devDependencies } = this.manifest;
    const runtime = { ...dependencies, ...peerDependencies, ...optionalDependencies };
    const allowed = published ? runtime : { ...runtime, ...devDependencies, [this.name]: 'itself' };
    if (library === this.name && published) return;
    if (allowed[library] === undefined && !isRootTool(this.root, library, published)) {
      const where = published ? 'dependencies' : 'devDependencies';
      this.report(file, line, `'${library}' is missing from the ${where} in ${this.place.folder}/package.json`);
    }
  }

  checkManifest() {
    const file = path.join(this.folder, 'package.json');
    const { dependencies, optionalDependencies, devDependencies } = this.manifest;
    for (const library of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const platform = PLATFORM_PACKAGE.test(library) && this.name === '@gerbert/native';
      if (platform) continue;
      if (!this.used.has(library)) this.report(file, null, `depends on '${library}' and imports it nowhere`);
      if (this.plan.has(library) && !this.place.imports.includes(library)) {
        this.report(file, null, `${this.name} may not depend on '${library}': imports point down only`);
      }
    }
    const forTests = TEST_IMPORTS.map(packageOf);
    for (const library of Object.keys(devDependencies ?? {})) {
      if (this.plan.has(library) && ![...this.place.imports, ...forTests].includes(library)) {
        this.report(file, null, `the tests of ${this.name} may not depend on '${library}'`);
      }
    }
  }

  checkCycles() {
    // Types may refer to each other; what is loaded in a circle depends on who is loaded first.
    for (const cycle of findCycles(this.edges('loads'))) {
      const names = cycle.map((file) => path.relative(this.folder, file));
      this.report(cycle[0], null, `files import each other in a circle: ${[...names, names[0]].join(' → ')}`);
    }
  }

  checkPure() {
    for (const { file, free } of this.place.pure ?? []) {
      const start = path.join(this.folder, file);
      const node = this.graph.get(start);
      if (node === undefined) {
        this.report(start, null, 'is missing, and scripts/imports/floor-plan.mjs has a rule for it');
      } else if (free === 'node') {
        this.checkFreeOfNode(start);
      } else if (node.files.size + node.modules.size > 0) {
        this.report(start, null, 'must import nothing');
      }
    }
  }

  checkFreeOfNode(start) {
    for (const file of reachable(this.edges('files'), start)) {
      const modules = [...(this.graph.get(file)?.modules ?? [])].filter((module) => module.startsWith('node:'));
      for (const module of modules) {
        const entry = path.relative(this.folder, start);
        this.report(file, null, `imports '${module}', and ${entry} must do without Node's modules`);
      }
    }
  }

  /** @param {'files' | 'loads'} kind */
  edges(kind) {
    return new Map([...this.graph].map(([file, node]) => [file, node[kind]]));
  }
}

function readManifest(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}

/** `@scope/name/sub` and `name/sub` without their subpaths. */
function packageOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Tests and settings may use what the workspace's root installs for all. */
function isRootTool(root, library, published) {
  return !published && readManifest(root).devDependencies?.[library] !== undefined;
}
