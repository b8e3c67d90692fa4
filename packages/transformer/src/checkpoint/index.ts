export { ConfigFile } from './config-file.js';
export { loadCheckpoint, readState, writeCheckpoint } from './directory.js';
export { withBodyPrefix, withNewNormNames, withoutBodyPrefix } from './state-names.js';
