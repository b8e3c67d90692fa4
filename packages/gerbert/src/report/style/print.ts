/** On paper; last, so that it overrides. */
export const print = `
@media print {
  :root {
    --paper: #fff; --card: #fff; --ink: #000; --muted: #444; --rule: #bbb;
    --bert: #0b6a70; --gpt: #ad4019; --older: #8b8474; --right: #4d7321; --tint: #0b6a7014; --track: #1f1d1912;
  }
  body { max-width: none; padding: 0; font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header { padding-top: 0; }
  section { padding: 1.6rem 0; border: 0; }
  h2, h3, .lead { break-after: avoid; }
  h2, .lead, li, tr { break-inside: avoid; }
  .panels, .beside, .cards.two { grid-template-columns: 1fr 1fr; }
  .panels .chart.wide, .beside .chart.wide { display: none; }
  .panels .chart.narrow, .beside .chart.narrow { display: block; }
  figure, .table, .card, .panel { break-inside: avoid; }
  .card { border: 1px solid var(--rule); }
  #attention-matrix { max-width: 100%; height: auto; }
  .table, .matrix { overflow: visible; }
  .skip, .readout { display: none; }
}
`;
