import { html } from 'hono/html';

/** Escaped markup; inline SVG and tables of the reports are made of it. */
export type Markup = ReturnType<typeof html>;

/** A coordinate, to a tenth of a pixel. */
export const tidy = (value: number): number => Math.round(value * 10) / 10;

/** Lines, dots and keys that all charts share; colours follow `api/pages/style.ts`, light or dark. */
export const drawingStyle = `
:root { --plain: #b45309; --rep: #7c3aed; --incumbent: #0f766e; }
@media (prefers-color-scheme: dark) { :root { --plain: #f5a54a; --rep: #c4a1ff; --incumbent: #5ed3c6; } }
.m-ours { stroke: var(--accent); stroke-width: 3.5; } .m-plain { stroke: var(--plain); stroke-width: 2; stroke-dasharray: 9 4; }
.m-rep { stroke: var(--rep); stroke-width: 2; stroke-dasharray: 3 3; } .m-incumbent { stroke: var(--incumbent); stroke-width: 2; stroke-dasharray: 12 3 3 3; }
.m-base { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 4 4; } .line { fill: none; stroke-linejoin: round; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; padding: 0; margin: .5rem 0 0; font-size: .925rem; }
.legend li { display: flex; align-items: center; gap: .5rem; } .legend svg { width: 2.4rem; height: .8rem; flex: none; }
`;

/** The key of a line, drawn as the line is: its class also has its own dashes, for those who see no colours and for print. */
export const lineKey = (className: string): Markup =>
  html`<svg viewBox="0 0 38 10" aria-hidden="true"><line class="${className}" x1="1" x2="37" y1="5" y2="5" /></svg>`;

/** Axes of shares, 0 to 100 %, and what lies on them. */
export function square(
  label: string,
  x: string,
  y: string,
  inside: (px: (v: number) => number, py: (v: number) => number) => Markup,
): Markup {
  const size = 420;
  const [left, right, top, bottom] = [46, size - 14, 10, size - 52];
  const px = (v: number) => tidy(left + v * (right - left));
  const py = (v: number) => tidy(bottom - v * (bottom - top));
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  return html`<svg viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}">
${ticks.map(
  (
    tick,
  ) => html`<line class="s-line" x1="${px(tick)}" x2="${px(tick)}" y1="${py(1)}" y2="${py(0)}" /><line class="s-line" x1="${px(0)}" x2="${px(1)}" y1="${py(tick)}" y2="${py(tick)}" />
<text x="${px(tick)}" y="${py(0) + 18}" text-anchor="middle">${Math.round(tick * 100)}</text><text x="${px(0) - 8}" y="${py(tick) + 4}" text-anchor="end">${Math.round(tick * 100)}</text>`,
)}
${inside(px, py)}
<text x="${(px(0) + px(1)) / 2}" y="${py(0) + 42}" text-anchor="middle">${x}</text>
<text x="13" y="${(py(0) + py(1)) / 2}" text-anchor="middle" transform="rotate(-90 13 ${(py(0) + py(1)) / 2})">${y}</text>
</svg>`;
}

/** Points of a line over such axes. */
export const pointsOf = (
  points: readonly (readonly [x: number, y: number])[],
  px: (v: number) => number,
  py: (v: number) => number,
): string => points.map(([x, y]) => `${px(x)},${py(y)}`).join(' ');

/** About so many round steps from 0 to the most. */
export function roundSteps(most: number, steps: number): number[] {
  const rough = most / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (rough / power <= 1.5 ? 1 : rough / power <= 3.5 ? 2 : rough / power <= 7.5 ? 5 : 10) * power;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
}
