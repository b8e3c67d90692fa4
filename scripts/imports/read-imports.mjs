import { readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';

/** Code beside the file; other URLs name data. */
const MODULE = /^\..*\.[cm]?[jt]s$/;

/**
 * One place where a file names another module.
 *
 * @typedef {object} Import
 * @property {string | null} specifier null where it is computed at run time
 * @property {number} line counted from 1
 * @property {boolean} isType whether the compiler leaves nothing of it
 */

/**
 * Every module that a TypeScript or JavaScript file names: static and dynamic imports, `import type`, `export … from`,
 * `import('…').T` in types, `import x = require('…')`, `require('…')`, `require.resolve`, `import.meta.resolve` and
 * `new URL('….js', import.meta.url)`.
 *
 * @param {string} file
 * @returns {Import[]}
 */
export function readImports(file) {
  const source = readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  /** @type {Import[]} */
  const imports = [];
  const add = (specifier, { start }, isType = false) =>
    imports.push({ specifier, line: source.slice(0, start).split('\n').length, isType });
  // Under verbatimModuleSyntax `import { type A }` stays an import at run time; `import type { A }` does not.
  const addSource = (node) =>
    node.source && add(literal(node.source), node, node.importKind === 'type' || node.exportKind === 'type');
  const visitor = new Visitor({
    ImportDeclaration: addSource,
    ExportNamedDeclaration: addSource,
    ExportAllDeclaration: addSource,
    ImportExpression: addSource,
    TSImportType: (node) => add(literal(node.source), node, true),
    TSExternalModuleReference: (node) => add(literal(node.expression), node),
    CallExpression(node) {
      const specifier = literal(node.arguments[0]);
      if (specifier !== null && isRequire(node.callee)) add(specifier, node);
    },
    NewExpression(node) {
      const specifier = literal(node.arguments[0]);
      const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL';
      if (isUrl && specifier !== null && MODULE.test(specifier) && isImportMeta(node.arguments[1], 'url'))
        add(specifier, node);
    },
  });
  visitor.visit(program);
  return imports;
}

/** The text of a string or of a template without holes, else null. */
function literal(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.quasis.length === 1) return node.quasis[0].value.cooked;
  return null;
}

/** `require`, `require.resolve`, `import.meta.resolve`, or a function that `createRequire` made on the spot. */
function isRequire(callee) {
  if (callee.type === 'Identifier') return /require$/i.test(callee.name) && callee.name !== 'createRequire';
  if (callee.type === 'CallExpression')
    return callee.callee.type === 'Identifier' && callee.callee.name === 'createRequire';
  if (callee.type !== 'MemberExpression' || callee.property.name !== 'resolve') return false;
  return callee.object.type === 'MetaProperty' || isRequire(callee.object);
}

function isImportMeta(node, property) {
  return node?.type === 'MemberExpression' && node.object.type === 'MetaProperty' && node.property.name === property;
}
