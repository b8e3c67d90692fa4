import { attentionScript } from './attention.js';
import { curvesScript } from './curves.js';

/** All that runs in the page; it reads its data from the element `page-data`. */
export const pageScript = `
'use strict';
${curvesScript}
${attentionScript}
const page = JSON.parse(document.getElementById('page-data').textContent);
readCurves(page);
if (document.getElementById('attention-map')) showAttention(page.attention);
`;
