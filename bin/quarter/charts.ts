import { html } from 'hono/html';
import { changeCauses, type Split } from '../../models/forecast/bridge.ts';
import type { Instant, Period } from '../../src/time.ts';
import { type Markup, roundSteps, tidy } from '../drawing/square.ts';
import type { Look, QuarterContent } from './content.ts';
import type { Words } from './words.ts';

export const chartStyle = `
.fan { fill: var(--accent); fill-opacity: .16; } .mid { fill: none; stroke: var(--accent); stroke-width: 2; stroke-dasharray: 6 4; }
.got { fill: none; stroke: var(--accent); stroke-width: 3; stroke-linejoin: round; } .today { stroke: var(--soft); stroke-dasharray: 3 3; }
.b-up { fill: var(--good); } .b-down { fill: var(--bad); } .b-end { fill: var(--accent); } .link { stroke: var(--soft); }
svg text.mark { fill: var(--ink); font-weight: 600; } svg text.q-mark { fill: var(--mark); }
`;

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [960, 300, 84, 946, 14, 262];

interface Axes {
  readonly x: (at: Instant) => number;
  readonly y: (minor: number) => number;
  readonly frame: Markup;
}

/** Days across, money upwards, the quota as a line. */
function axes(
  { from, to }: Pick<Period, 'from' | 'to'>,
  most: number,
  quota: number | null,
  money: (minor: number) => string,
  day: (at: Instant) => string,
): Axes {
  // biome-ignore format: one signature
  const top = Math.max(most, quota ?? 0, 1) * 1.06;
  const x = (at: Instant) => tidy(LEFT + ((at - from) / Math.max(1, to - from)) * (RIGHT - LEFT));
  const y = (minor: number) => tidy(BOTTOM - (Math.max(0, minor) / top) * (BOTTOM - TOP));
  const days = [0, 0.25, 0.5, 0.75, 1].map((share) => from + share * (to - from));
  const frame = html`${roundSteps(top, 4).map((tick) => html`<line class="s-line" x1="${LEFT}" x2="${RIGHT}" y1="${y(tick)}" y2="${y(tick)}" /><text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${money(tick)}</text>`)}
${days.map((at, i) => html`<text x="${x(at)}" y="${BOTTOM + 22}" text-anchor="${i === 0 ? 'start' : i === days.length - 1 ? 'end' : 'middle'}">${day(at)}</text>`)}
${quota === null ? '' : html`<line class="s-quota" x1="${LEFT}" x2="${RIGHT}" y1="${y(quota)}" y2="${y(quota)}" />`}`;
  return { x, y, frame };
}

const svg = (label: string, inside: Markup, height = HEIGHT): Markup =>
  html`<svg class="wide" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">${inside}</svg>`;

/** Booked so far as steps, then the fan: three bands one over the other, and the middle. */
export function fanChart(
  { fan, forecast }: QuarterContent,
  w: Words,
  money: (minor: number) => string,
  day: (at: Instant) => string,
): Markup {
  // biome-ignore format: one signature
  const { period, asOf, total, bookings } = forecast;
  const most = Math.max(total.closedMinor, ...fan.flatMap(({ bands }) => bands.map(({ highMinor }) => highMinor)));
  const { x, y, frame } = axes(period, most, total.quotaMinor, money, day);
  const now = Math.min(asOf, period.to);
  const steps: string[] = [`${x(period.from)},${y(0)}`];
  let sum = 0;
  for (const { at, amountMinor } of bookings) {
    steps.push(`${x(at)},${y(sum)}`, `${x(at)},${y((sum += amountMinor))}`);
  }
  steps.push(`${x(now)},${y(sum)}`);
  const start = `${x(now)},${y(sum)}`;
  const ahead = fan.filter(({ at }) => at > now);
  const band = (k: number) => {
    const low = ahead.map(({ at, bands }) => `${x(at)},${y(bands[k]!.lowMinor)}`).reverse();
    return [start, ...ahead.map(({ at, bands }) => `${x(at)},${y(bands[k]!.highMinor)}`), ...low].join(' ');
  };
  return svg(
    w.fanTitle,
    html`${frame}
${ahead.length === 0 ? '' : [2, 1, 0].map((k) => html`<polygon class="fan" points="${band(k)}" />`)}
${ahead.length === 0 ? '' : html`<polyline class="mid" points="${[start, ...ahead.map(({ at, expectedMinor }) => `${x(at)},${y(expectedMinor)}`)].join(' ')}" /><line class="today" x1="${x(now)}" x2="${x(now)}" y1="${TOP}" y2="${BOTTOM}" />`}
<polyline class="got" points="${steps.join(' ')}" />`,
  );
}

/** What was expected on earlier days, with its band, and what was booked by then. */
export function movedChart(
  looks: readonly Look[],
  quota: number | null,
  w: Words,
  money: (minor: number) => string,
  day: (at: Instant) => string,
): Markup {
  // biome-ignore format: one signature
  const [first, last] = [looks[0]!.at, looks.at(-1)!.at];
  const most = Math.max(...looks.flatMap(({ p90Minor, expectedMinor }) => [p90Minor, expectedMinor]));
  const { x, y, frame } = axes({ from: first, to: last }, most, quota, money, day);
  const line = (of: (look: Look) => number) => looks.map((look) => `${x(look.at)},${y(of(look))}`);
  return svg(
    w.movedTitle,
    html`${frame}
<polygon class="fan" points="${[...line(({ p90Minor }) => p90Minor), ...line(({ p10Minor }) => p10Minor).reverse()].join(' ')}" />
<polyline class="mid" points="${line(({ expectedMinor }) => expectedMinor).join(' ')}" />
<polyline class="got" points="${line(({ bookedMinor }) => bookedMinor).join(' ')}" />
${looks.map((look) => html`<circle class="dot" cx="${x(look.at)}" cy="${y(look.expectedMinor)}" r="4" />`)}`,
  );
}

/** A bridge from what was expected to what is: each cause a bar that begins where the last one ended. */
export function bridgeChart(
  beforeMinor: number,
  afterMinor: number,
  causes: Split,
  w: Words,
  money: (minor: number) => string,
): Markup {
  // biome-ignore format: one signature
  const steps = changeCauses.flatMap((cause) => (causes[cause] ? [{ name: w.causes[cause], minor: causes[cause] }] : []));
  let at = beforeMinor;
  const bars = [
    { name: w.before, from: 0, to: beforeMinor, className: 'b-end', says: money(beforeMinor) },
    ...steps.map(({ name, minor }) => {
      const from = at;
      at += minor;
      return { name, from, to: at, className: minor > 0 ? 'b-up' : 'b-down', says: `${minor > 0 ? '+' : '−'}${money(Math.abs(minor))}` }; // biome-ignore format: a row
    }),
    { name: w.after, from: 0, to: afterMinor, className: 'b-end', says: money(afterMinor) },
  ];
  const most = Math.max(1, ...bars.flatMap(({ from, to }) => [from, to]));
  const row = 30;
  const [left, right] = [220, 850];
  const x = (minor: number) => tidy(left + (Math.max(0, minor) / most) * (right - left));
  return svg(
    w.bridgeTitle,
    html`${bars.map(({ name, from, to, className, says }, i) => {
      const [low, high] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
      const y = 8 + i * row;
      return html`<text class="mark" x="${left - 10}" y="${y + 15}" text-anchor="end">${name}</text><rect class="${className}" x="${low}" y="${y}" width="${tidy(Math.max(1.5, high - low))}" height="20" rx="2" /><text x="${high + 8}" y="${y + 15}">${says}</text>
${i + 1 < bars.length ? html`<line class="link" x1="${x(to)}" x2="${x(to)}" y1="${y + 20}" y2="${y + row}" />` : ''}`;
    })}`,
    bars.length * row + 12,
  );
}

/** Attained of the quota as a bar, with the share of the period that has passed as a mark. */
export function attainedBar(attained: number | null, expected: number | null, elapsed: number): Markup {
  if (attained === null) return html`–`;
  const most = Math.max(1, attained, expected ?? 0);
  const x = (share: number) => tidy((Math.max(0, share) / most) * 156);
  return html`<svg class="bar" viewBox="0 0 160 14" aria-hidden="true"><rect class="f-band" x="0" y="2" width="${x(1)}" height="10" rx="2" /><rect class="f-expected" x="0" y="2" width="${x(expected ?? 0)}" height="10" rx="2" /><rect class="f-closed" x="0" y="2" width="${x(attained)}" height="10" rx="2" /><line class="s-ink" x1="${x(elapsed)}" x2="${x(elapsed)}" y1="0" y2="14" /></svg>`; // biome-ignore format: one picture
}
