import { attention } from './attention.mjs';
import { bert } from './bert.mjs';
import { decode } from './decode.mjs';
import { elementwise } from './elementwise.mjs';
import { gemm } from './gemm.mjs';
import { js } from './js.mjs';
import { train } from './train.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} about one sentence for the page
 * @property {(options: { threads: number, threadCounts: number[] }) => import('../measure.mjs').Case[]} cases
 * @property {(rows: import('../rows.mjs').Row[]) => import('../rows.mjs').Row[]} [summarise] rows about rows
 */

/** @type {Suite[]} */
export const suites = [gemm, decode, elementwise, attention, bert, train, js];
