// Written for any Node that knows ES modules: this file has to run where nothing else of Gerbert does.

/** Node 20.19 and 22.12 are the first of their lines whose `require()` loads ES modules. */
export function isSupportedNode(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

/** Ends the process with a plain message where Node is too old. */
export function requireNode() {
  if (isSupportedNode(process.versions.node)) return;
  console.error(
    `gerbert: Node ${process.versions.node} is too old: Gerbert needs Node 20.19 or newer (of the 22 line, 22.12). ` +
      'Install one from https://nodejs.org and try again.',
  );
  process.exit(1);
}
