/** Colours, type, and where things stand. */
export const layout = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf7; --card: #f5f2ea; --ink: #1f1d19; --muted: #5f5a50; --rule: #dcd6c8;
  --bert: #0b6a70; --gpt: #ad4019; --older: #8b8474; --right: #4d7321; --tint: #0b6a7014; --track: #1f1d1912;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Charter, "Bitstream Charter", Georgia, "Noto Serif CJK SC", "Songti SC", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, "Noto Sans CJK SC", "PingFang SC", sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181a; --card: #1e2123; --ink: #e8e4db; --muted: #aaa498; --rule: #35383b;
    --bert: #5fc3c8; --gpt: #f2926a; --older: #857f73; --right: #9cc95f; --tint: #5fc3c81f; --track: #e8e4db1a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem); max-width: 67rem;
  background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 var(--serif); overflow-wrap: break-word;
}
h1, h2, h3, p, ul, dl, dd, figure, fieldset, pre { margin: 0; padding: 0; }
ul { list-style: none; }
fieldset { border: 0; min-width: 0; }
.hidden, .to-word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; }
:focus-visible { outline: 2px solid var(--bert); outline-offset: 2px; border-radius: 2px; }

header { padding-top: clamp(2.5rem, 7vw, 5rem); border-bottom: 1px solid var(--rule); padding-bottom: 2.5rem; }
.kicker { font: 600 .8rem/1.4 var(--sans); letter-spacing: .08em; text-transform: uppercase; color: var(--gpt); }
h1 { font-weight: 500; font-size: clamp(2.1rem, 5.6vw, 3.7rem); line-height: 1.08; letter-spacing: -.015em; max-width: 17em; margin-top: .8rem; text-wrap: balance; }
.standfirst { font-size: clamp(1.13rem, 2vw, 1.32rem); line-height: 1.5; color: var(--muted); max-width: 36em; margin-top: 1.2rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); gap: .9rem 2rem; margin-top: 2.2rem; font: .9rem/1.45 var(--sans); }
.facts dt, .files dt { font-size: .78rem; color: var(--muted); }
.numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); gap: 1.6rem 2rem; margin-top: 2.6rem; }
.numbers li { border-top: 2px solid var(--ink); padding-top: .7rem; }
.numbers .from, .numbers .arrow { color: var(--muted); font-size: 1.15rem; margin-right: .45rem; }
.numbers strong { font-weight: 500; font-size: 2.3rem; line-height: 1.1; letter-spacing: -.01em; font-variant-numeric: lining-nums; white-space: nowrap; }
.numbers .what { display: block; font: .86rem/1.4 var(--sans); color: var(--muted); margin-top: .35rem; max-width: 24em; }

section { padding: clamp(2.4rem, 5vw, 3.6rem) 0; border-bottom: 1px solid var(--rule); }
h2 { font-weight: 500; font-size: clamp(1.6rem, 3.4vw, 2.15rem); line-height: 1.2; letter-spacing: -.01em; }
h3 { font: 600 1rem/1.4 var(--sans); margin-top: 2rem; }
.lead { max-width: 40em; margin-top: .7rem; }
.task { font-style: italic; }
.remark, .remark-line, .panel-note { color: var(--muted); font: .84rem/1.45 var(--sans); }
.remark { display: block; font-weight: 400; }
.remark-line { margin-top: .8rem; max-width: 46em; }
.empty { color: var(--muted); font-style: italic; margin-top: 1rem; }
figure { margin-top: 1.8rem; min-width: 0; }
figcaption { font: .84rem/1.45 var(--sans); color: var(--muted); margin-top: .8rem; max-width: 46em; }
.beside { display: grid; grid-template-columns: 1fr; gap: 0 3rem; align-items: start; }
@media (min-width: 860px) { .beside { grid-template-columns: 1fr 1fr; } }

.table { overflow-x: auto; margin-top: 1.8rem; }
table { border-collapse: collapse; width: 100%; font: .92rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
th, td { padding: .5rem 0 .5rem 1rem; text-align: right; vertical-align: top; border-bottom: 1px solid var(--rule); }
th:first-child { text-align: left; padding-left: 0; font-weight: 400; }
thead th { font-weight: 600; font-size: .8rem; color: var(--muted); border-bottom-color: var(--ink); vertical-align: bottom; }
tr.own th, tr.own td { font-weight: 650; }
td { white-space: nowrap; }

footer { padding: 2.4rem 0 4rem; font: .88rem/1.5 var(--sans); color: var(--muted); }
footer h2 { font: 600 1rem/1.4 var(--sans); color: var(--ink); }
footer p { margin-top: 1.2rem; }
.files div { display: grid; grid-template-columns: 5rem minmax(0, 1fr); gap: .6rem; margin-top: .4rem; }
code { font: .9em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; overflow-wrap: anywhere; }
`;
