/** Curves and bars. */
export const charts = `
.chart { display: block; width: 100%; height: auto; font-family: var(--sans); overflow: visible; }
.chart.narrow { display: none; }
@media (max-width: 560px) { .chart.wide { display: none; } .chart.narrow { display: block; } }
.panels { display: grid; grid-template-columns: 1fr; gap: 1.6rem 3rem; }
@media (min-width: 860px) { .panels { grid-template-columns: 1fr 1fr; } }
.panel { min-width: 0; }
.panel h3 { margin-top: 0; }
.panel-note { margin-bottom: .6rem; }
.chart text { font-size: 12px; fill: var(--muted); font-variant-numeric: tabular-nums lining-nums; }
.chart .value { font-size: 14px; font-weight: 650; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.chart .note { font-style: italic; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
.chart .grid { stroke: var(--rule); stroke-width: 1; }
.chart .axis { stroke: var(--ink); stroke-width: 1; }
.chart .reference { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 4 4; }
.chart .cursor { stroke: var(--muted); stroke-width: 1; pointer-events: none; }
.line { fill: none; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
.line.raw { stroke-width: 1; opacity: .4; }
.line.bert { stroke: var(--bert); } .line.gpt { stroke: var(--gpt); }
.line.scratch { stroke: var(--muted); stroke-dasharray: 7 5; }
.dot { stroke: var(--paper); stroke-width: 1.5; }
.dot.bert { fill: var(--bert); } .dot.gpt { fill: var(--gpt); } .dot.scratch { fill: var(--muted); }
.readout { font: .84rem/1.45 var(--sans); color: var(--muted); min-height: 1.45em; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; font: .88rem/1.5 var(--sans); margin-bottom: 1rem; }
.legend li { display: flex; align-items: center; gap: .5rem; }
.legend svg { flex: none; }
@media (min-width: 860px) { .beside.lines { grid-template-columns: minmax(0, 11fr) minmax(0, 9fr); } }

.bars { display: grid; grid-template-columns: max-content minmax(3rem, 1fr) max-content; gap: .55rem .9rem; font: .9rem/1.35 var(--sans); align-items: center; }
.bars li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center; }
.bar-track { height: .85rem; background: var(--track); border-radius: 2px; overflow: hidden; }
.bar { display: block; height: 100%; min-width: 1px; background: var(--older); }
.bar.bert { background: var(--bert); } .bar.gpt { background: var(--gpt); } .bar.right { background: var(--right); }
.bar-value { text-align: right; font-variant-numeric: tabular-nums lining-nums; }
.bar-label { max-width: 15rem; overflow-wrap: anywhere; }
@media (max-width: 560px) { .bar-label { max-width: 9.5rem; } }
`;
