import { charts } from './charts.js';
import { layout } from './layout.js';
import { print } from './print.js';
import { samples } from './samples.js';

/** The page's style sheet. */
export const styleSheet = `${layout}${charts}${samples}${print}`;
