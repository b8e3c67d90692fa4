export { ConfigFile } from './config-file.js';
export { readState, writeCheckpoint } from './directory.js';
export { withBodyPrefix, withoutBodyPrefix } from './state-names.js';
