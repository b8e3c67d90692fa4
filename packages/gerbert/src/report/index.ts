export { renderReport } from './page.js';
export { writeReport } from './write.js';
