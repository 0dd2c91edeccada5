import { createHash } from 'node:crypto';

/** The whole style of the pages, inline, so that a saved page stands alone. Follows the reader's light or dark. */
export const style = `
:root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --ink: #17202b; --soft: #55616f; --line: #dfe4ea;
  --accent: #0b5fbd; --accent-soft: #8fbdee; --band: #d5e5f7; --mark: #b3261e; --good: #17663a; --bad: #a3211a; --warn: #fff4d6; --warn-ink: #5c4300; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #11161c; --card: #1a212a; --ink: #e8edf3; --soft: #a5b1bf; --line: #2f3945;
    --accent: #6db1ff; --accent-soft: #2f6aa8; --band: #22384f; --mark: #ff8a80; --good: #6fd39b; --bad: #ff9c92; --warn: #3a2f10; --warn-ink: #ffdf8f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans Thai", "Sarabun", "Leelawadee UI", Thonburi, sans-serif; }
a { color: var(--accent); }
.wrap { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem; }
.top { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; padding: 1.5rem 0 .75rem; }
.top h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
.top p { margin: 0; color: var(--soft); }
.top nav { margin-left: auto; display: flex; gap: 1rem; }
.note { background: var(--warn); color: var(--warn-ink); border-radius: .5rem; padding: .5rem .9rem; margin: 0 0 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.25rem 1.4rem; margin: 0 0 1.25rem; }
h2 { font-size: 1.125rem; margin: 0 0 .25rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
.hint { color: var(--soft); margin: .2rem 0 .9rem; font-size: .925rem; }
dl.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: .9rem 1.5rem; margin: .9rem 0 1rem; }
dl.figures dt { color: var(--soft); font-size: .875rem; }
dl.figures dd { margin: 0; font-size: 1.3rem; font-weight: 600; line-height: 1.35; }
dl.figures .main dd { font-size: 1.75rem; line-height: 1.2; }
.key { display: inline-block; width: .7em; height: .7em; border-radius: .15em; margin-right: .4em; }
.key-closed { background: var(--accent); } .key-expected { background: var(--accent-soft); } .key-band { background: var(--band); } .key-quota { background: var(--mark); width: .2em; }
svg { display: block; width: 100%; height: auto; }
svg.wide { min-width: 34rem; }
svg text { fill: var(--soft); font-size: 12px; }
.f-closed { fill: var(--accent); } .f-expected { fill: var(--accent-soft); } .f-band { fill: var(--band); }
.s-line { stroke: var(--line); } .s-ink { stroke: var(--ink); } .s-quota { stroke: var(--mark); stroke-width: 3; } .s-soft { stroke: var(--soft); stroke-dasharray: 4 4; }
.dot { fill: var(--accent); fill-opacity: .8; stroke: var(--card); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: .925rem; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .55rem .9rem .55rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } thead th { color: var(--soft); font-size: .875rem; white-space: nowrap; }
tbody:last-of-type tr:last-child > * , tfoot tr:last-child > * { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; }
tfoot th, tfoot td { border-top: 2px solid var(--line); font-weight: 600; }
.d1 { padding-left: 1.25rem; font-weight: 400; } .d2 { padding-left: 2.5rem; font-weight: 400; } .d3, .d4 { padding-left: 3.75rem; font-weight: 400; }
.small { color: var(--soft); font-size: .875rem; font-weight: 400; }
.nowrap { white-space: nowrap; }
.grade { display: inline-block; min-width: 1.7em; text-align: center; border-radius: .35em; border: 1px solid currentColor; font-weight: 600; }
.big { font-size: 1.15rem; font-weight: 600; }
.deal tr:first-child > * { border-bottom: 0; padding-bottom: .1rem; }
.deal .small, .sides { font-size: .875rem; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 0 2rem; color: var(--soft); }
ul.reasons { margin: 0; padding: 0; list-style: none; }
ul.reasons li { padding-left: 1.3em; text-indent: -1.3em; }
.up { color: var(--good); } .down { color: var(--bad); }
.sign { display: inline-block; width: 1.3em; text-indent: 0; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1.5rem 2.5rem; align-items: start; }
.chart { max-width: 26rem; }
pre { background: var(--bg); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; overflow-x: auto; }
footer { color: var(--soft); font-size: .875rem; padding: 0 0 2rem; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 40rem) { .top nav { margin-left: 0; } section { padding: 1rem; } .sides { grid-template-columns: 1fr; width: calc(100vw - 5.5rem); position: sticky; left: 0; } }
@media print { body { background: #fff; } section { break-inside: avoid; } }
`;

const hash = createHash('sha256').update(style).digest('base64');

/** Nothing runs and nothing is fetched: only this one style. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
