import { createHash } from 'node:crypto';
import type { DemoResult } from '../demo/result.js';
import { thin } from './charts/loss-curve.js';
import { html, render, scriptJson, trusted } from './html.js';
import { pageScript } from './scripts/index.js';
import { attention } from './sections/attention.js';
import { bertScores } from './sections/bert.js';
import { closing } from './sections/closing.js';
import { finetuning } from './sections/finetuning.js';
import { gptScores } from './sections/gpt.js';
import { learning } from './sections/learning.js';
import { opening } from './sections/opening.js';
import { prompting } from './sections/prompting.js';
import { samplesOf } from './sections/samples.js';
import { styleSheet } from './style/index.js';

/** The page for a result: one HTML document that needs no other file and no network. */
export function renderReport(result: DemoResult): string {
  const data = {
    curves: { bert: thin(result.bert.losses), gpt: thin(result.gpt.losses) },
    attention: result.samples.attention,
  };
  // Nothing is loaded from anywhere, and no script runs but the one written here.
  const hash = createHash('sha256').update(pageScript).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>Gerbert: two small language models, trained on ${result.corpus.name}</title>
<link rel="icon" href="data:,">
<style>${trusted(styleSheet)}</style>
</head>
<body>
<a class="skip" href="#main">To the figures</a>
${opening(result)}
<main id="main">
${learning(result)}
${bertScores(result)}
${gptScores(result)}
${finetuning(result)}
${prompting(result)}
${samplesOf(result)}
${attention(result)}
</main>
${closing(result)}
<script type="application/json" id="page-data">${scriptJson(data)}</script>
<script>${trusted(pageScript)}</script>
</body>
</html>
`;
  return render(page);
}
