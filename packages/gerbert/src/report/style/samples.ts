/** Samples and the attention map. */
export const samples = `
.cards { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.2rem; margin-top: 1rem; }
@media (min-width: 860px) { .cards.two { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.card { background: var(--card); padding: 1.1rem 1.2rem; border-radius: 4px; min-width: 0; }
.card .bars { margin-top: 1rem; }
.card .bar-label { max-width: 9rem; }
.sample { overflow-wrap: anywhere; }
.gap { display: inline-block; width: 3.2em; height: 1em; vertical-align: -.15em; background: var(--tint); border-bottom: 2px solid var(--bert); border-radius: 2px 2px 0 0; }
.second { margin-top: .6rem; padding-left: .9rem; border-left: 2px solid var(--rule); }
.beginning { font-size: 1.15rem; }
.beginning::after { content: " …"; color: var(--muted); }
.ways { display: grid; grid-template-columns: 8.5rem minmax(0, 1fr); gap: .7rem 1rem; margin-top: .9rem; }
.ways dt { font: .84rem/1.9 var(--sans); color: var(--muted); }
.ways dd { white-space: pre-wrap; }
@media (max-width: 560px) { .ways { grid-template-columns: minmax(0, 1fr); gap: 0; } .ways dd { margin-bottom: .8rem; } }
.prompt { font: .84rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", "Noto Sans CJK SC", monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.verdict { margin-top: .8rem; font: .92rem/1.45 var(--sans); }
.verdict.right { color: var(--right); }

.attention { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.6rem 2.5rem; }
.attention > figcaption { grid-column: 1 / -1; margin: 0; }
@media (min-width: 860px) { .attention { grid-template-columns: fit-content(17rem) minmax(0, 1fr); align-items: start; } }
.heads legend { font: 600 1rem/1.4 var(--sans); padding: 0; margin-bottom: .7rem; }
.layer { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin-bottom: .5rem; }
.layer-name { flex: 0 0 100%; font: .8rem/1.3 var(--sans); color: var(--muted); }
.head { position: relative; cursor: pointer; display: block; }
.head input { position: absolute; inset: 0; opacity: 0; margin: 0; width: 100%; height: 100%; cursor: pointer; }
.head canvas { display: block; width: 58px; height: 58px; image-rendering: pixelated; background: var(--card); outline: 1px solid var(--rule); }
.head input:checked + .hidden + canvas { outline: 3px solid var(--bert); }
.head input:focus-visible + .hidden + canvas { outline: 3px solid var(--gpt); outline-offset: 2px; }
.looks { min-width: 0; }
.looks h3 { margin-top: 0; }
.tokens { display: flex; flex-wrap: wrap; gap: .3rem; margin-top: .7rem; }
.token {
  --look: 0; --share: 0; cursor: pointer; padding: .1rem .45rem .2rem; border-radius: 3px; border: 1px solid var(--rule);
  background: linear-gradient(var(--bert), var(--bert)) left bottom / calc(var(--share) * 100%) 3px no-repeat, color-mix(in srgb, var(--bert) calc(var(--look) * 45%), transparent);
  overflow-wrap: anywhere;
}
.token[aria-selected="true"] { border-color: var(--gpt); box-shadow: inset 0 0 0 1px var(--gpt); }
#attention-readout { margin-top: .7rem; min-height: 2.9em; }
.matrix { overflow-x: auto; margin-top: .4rem; }
#attention-matrix { display: block; font-family: var(--sans); }
#attention-matrix text { font-size: 11px; fill: var(--muted); }
#attention-matrix rect { fill: var(--bert); }
#attention-matrix .outline { fill: none; stroke: none; pointer-events: none; }
#attention-matrix .chosen text { fill: var(--ink); font-weight: 650; }
#attention-matrix .chosen .outline { stroke: var(--gpt); stroke-width: 1.5; }
`;
