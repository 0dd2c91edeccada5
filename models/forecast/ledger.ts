import { bootstrapMean } from '../../src/stats/bootstrap.ts';
import { bias, wape } from '../../src/stats/forecastErrors.ts';
import { pinball } from '../../src/stats/pinball.ts';
import type { Instant, Period } from '../../src/time.ts';
import { type BlendHorizon, horizons, learnBlend, type Said } from './blend.ts';
import type { Grouping } from './rollup.ts';

/** Ways of forecasting a period that stand side by side. */
export const ways = ['foresell', 'usual', 'stageRate', 'categories'] as const;
export type Way = (typeof ways)[number];

/** What was said of a period at a look, and what the period brought. Whole minor units of one currency. */
export interface LedgerLook {
  readonly at: Instant;
  readonly period: Period;
  /** Weeks to the period's end, begun ones counted. */
  readonly weeksLeft: number;
  readonly version: string;
  /** The version learned from what happened after the look: its word is no test of it. */
  readonly hindsight: boolean;
  readonly bookedMinor: number;
  /** The expected value of each way; null where a way has nothing to go by. */
  readonly said: Readonly<Record<Way, number | null>>;
  readonly p10Minor: number;
  readonly p50Minor: number;
  readonly p90Minor: number;
  readonly actualMinor: number;
  readonly calls: readonly DealCall[];
  /** What the model, the reps and the managers say of the whole; null where they say nothing. */
  readonly voices: Said;
  /** Numbers that people had put beside the forecast by then. */
  readonly groupCalls: readonly GroupCall[];
}

/** What a manager (`adjustment`) or a rep (`commit`) had called of a group for the period, what the model expected of it, and what came. */
export interface GroupCall {
  readonly kind: 'adjustment' | 'commit';
  readonly by: Grouping;
  /** Null: the whole. */
  readonly group: string | null;
  readonly saidMinor: number;
  readonly expectedMinor: number;
  readonly cameMinor: number;
  /** A team below another one that was called too. */
  readonly nested: boolean;
}

/** What was called, expected and brought of one deal that was open at a look, within the period. */
export interface DealCall {
  readonly id: string;
  readonly owner: string | null;
  /** Groups what is not independent. */
  readonly account: string;
  readonly calledMinor: number;
  readonly expectedMinor: number;
  readonly cameMinor: number;
}

/** How a way held over looks. All but counts are shares of what came. */
export interface LedgerFigures {
  readonly way: Way;
  readonly looks: number;
  /** Sum (said - came) / sum came; above 0: too much was said. Null where nothing came, as the others. */
  readonly bias: number | null;
  /** Sum |said - came| / sum came. */
  readonly wape: number | null;
  /** Mean pinball loss of the quantiles / mean that came; of a way that says a number only that of the median, half its WAPE. */
  readonly pinball10: number | null;
  readonly pinball50: number | null;
  readonly pinball90: number | null;
  /** Share of looks of which what came lay within p10 to p90: .8 where the band is right. */
  readonly coverage80: number | null;
}

/** Looks so many weeks before the period's end. */
export interface Horizon {
  readonly fromWeeks: number;
  readonly toWeeks: number;
  readonly looks: number;
  readonly periods: number;
  readonly figures: readonly LedgerFigures[];
}

export type CallVerdict = 'sandbagging' | 'happyEars' | 'even' | 'tooFew';

/** A person's calls of their own open deals beside what these brought; amounts are means a look. */
export interface OwnerCalls {
  readonly owner: string | null;
  readonly looks: number;
  readonly deals: number;
  readonly calledMinor: number;
  /** What the model expected of the same deals. */
  readonly expectedMinor: number;
  readonly cameMinor: number;
  /** Came less called, with an interval by drawing whole accounts; null with fewer than two accounts. */
  readonly gap: { readonly minor: number; readonly lowMinor: number | null; readonly highMinor: number | null };
  /** Sum |called - came| over looks / sum came, and the same of the model; null where nothing came. */
  readonly callWape: number | null;
  readonly modelWape: number | null;
  readonly verdict: CallVerdict;
}

/** How what was called of a group held, beside the model at the same looks. Shares of what came; null where nothing came. */
export interface GroupCalls extends Pick<GroupCall, 'kind' | 'by' | 'group'> {
  readonly looks: number;
  readonly periods: number;
  readonly bias: number | null;
  readonly wape: number | null;
  readonly modelBias: number | null;
  readonly modelWape: number | null;
}

export interface LedgerJudgement {
  readonly looks: number;
  readonly periods: number;
  readonly figures: readonly LedgerFigures[];
  /** Nearest first; those without a look are left out. */
  readonly horizons: readonly Horizon[];
  /** Largest sums of what came or was called first. */
  readonly owners: readonly OwnerCalls[];
  /** Numbers that people put beside the forecast, most looks first; none where nobody did. */
  readonly groups: readonly GroupCalls[];
  /** The blend of people and model, nearest horizon first, and whether it is used. */
  readonly blend: readonly BlendHorizon[];
}

/** With fewer different deals nothing is said of a person. */
const FEWEST_DEALS = 10;
/** Many people are judged at once: of a hundred whose calls are right one is named by chance. */
const LEVEL = 0.99;

/**
 * How forecasts held: each way by horizon, and each person's calls of their deals.
 *
 * Looks at one period share what it brought, so that many looks at few periods say little: `periods` counts what is independent. Calls are judged on the deals
 * that were open at the look alone, since nobody calls one that does not exist yet; a verdict is given only where the interval of came less called
 * leaves out zero: above, the person sandbags; below, has happy ears.
 * Cost: looks + draws x accounts, and that of `learnBlend`.
 */
export function judgeLedger(
  looks: readonly LedgerLook[],
  { draws, seed }: { readonly draws: number; readonly seed: number },
): LedgerJudgement {
  const periodsOf = (of: readonly LedgerLook[]) => new Set(of.map(({ period }) => period.label)).size;
  return {
    looks: looks.length,
    periods: periodsOf(looks),
    figures: figuresOf(looks),
    horizons: horizons.flatMap(([fromWeeks, toWeeks]) => {
      const of = looks.filter(({ weeksLeft }) => weeksLeft >= fromWeeks && weeksLeft <= toWeeks);
      if (of.length === 0) return [];
      return [{ fromWeeks, toWeeks, looks: of.length, periods: periodsOf(of), figures: figuresOf(of) }];
    }),
    owners: ownersOf(looks, draws, seed),
    groups: groupsOf(looks),
    blend: learnBlend(looks.map((look) => ({ ...look, period: look.period.label, periodTo: look.period.to }))),
  };
}

function groupsOf(looks: readonly LedgerLook[]): GroupCalls[] {
  const by = new Map<string, { readonly period: string; readonly call: GroupCall }[]>();
  for (const { period, groupCalls } of looks)
    for (const call of groupCalls) {
      const key = JSON.stringify([call.kind, call.by, call.group]);
      const rows = by.get(key);
      if (rows) rows.push({ period: period.label, call });
      else by.set(key, [{ period: period.label, call }]);
    }
  return [...by]
    .map(([key, rows]): GroupCalls & { readonly key: string } => {
      const came = rows.map(({ call }) => call.cameMinor);
      const share = (of: typeof wape, said: readonly number[]) =>
        came.some((minor) => minor > 0) ? of(came, said) : null;
      const [said, expected] = [rows.map(({ call }) => call.saidMinor), rows.map(({ call }) => call.expectedMinor)];
      return {
        key,
        ...{ kind: rows[0].call.kind, by: rows[0].call.by, group: rows[0].call.group },
        looks: rows.length,
        periods: new Set(rows.map(({ period }) => period)).size,
        ...{ bias: share(bias, said), wape: share(wape, said), modelBias: share(bias, expected), modelWape: share(wape, expected) }, // biome-ignore format: a row
      };
    })
    .sort((a, b) => b.looks - a.looks || (a.key < b.key ? -1 : 1))
    .map(({ key: _key, ...rest }) => rest);
}

/** Of ways that said something at every look, so that all are judged on the same. */
function figuresOf(looks: readonly LedgerLook[]): LedgerFigures[] {
  const actual = looks.map(({ actualMinor }) => actualMinor);
  const came = actual.reduce((sum, value) => sum + value, 0);
  const told = came > 0;
  const share = (value: number) => (told ? value : null);
  const loss = (said: readonly number[], level: number) => share((pinball(actual, said, level) * looks.length) / came);
  return ways.flatMap((way): LedgerFigures[] => {
    const said = looks.flatMap((look) => look.said[way] ?? []);
    if (said.length < looks.length || looks.length === 0) return [];
    const ours = way === 'foresell';
    return [
      {
        way,
        looks: looks.length,
        bias: share(bias(actual, said)),
        wape: share(wape(actual, said)),
        pinball10: ours ? loss(looks.map(({ p10Minor }) => p10Minor), 0.1) : null, // biome-ignore format: a row
        pinball50: loss(ours ? looks.map(({ p50Minor }) => p50Minor) : said, 0.5),
        pinball90: ours ? loss(looks.map(({ p90Minor }) => p90Minor), 0.9) : null, // biome-ignore format: a row
        coverage80: ours ? looks.filter(holds).length / looks.length : null,
      },
    ];
  });
}

/** Whether what came lay in the 80 % band. */
export const holds = ({ p10Minor, p90Minor, actualMinor }: LedgerLook): boolean =>
  actualMinor >= p10Minor && actualMinor <= p90Minor;

function ownersOf(looks: readonly LedgerLook[], draws: number, seed: number): OwnerCalls[] {
  const by = new Map<string | null, { readonly look: number; readonly call: DealCall }[]>();
  for (const [look, { calls }] of looks.entries())
    for (const call of calls) {
      const rows = by.get(call.owner);
      if (rows) rows.push({ look, call });
      else by.set(call.owner, [{ look, call }]);
    }
  return [...by]
    .map(([owner, rows]) => ownerCalls(owner, rows, draws, seed))
    .sort((a, b) => weight(b) - weight(a) || ((a.owner ?? '') < (b.owner ?? '') ? -1 : 1));
}

const weight = ({ looks, cameMinor, calledMinor }: OwnerCalls): number => looks * Math.max(cameMinor, calledMinor);

function ownerCalls(
  owner: string | null,
  rows: readonly { readonly look: number; readonly call: DealCall }[],
  draws: number,
  seed: number,
): OwnerCalls {
  const sums = new Map<number, { called: number; expected: number; came: number }>();
  for (const { look, call } of rows) {
    const sum = sums.get(look) ?? { called: 0, expected: 0, came: 0 };
    sum.called += call.calledMinor;
    sum.expected += call.expectedMinor;
    sum.came += call.cameMinor;
    sums.set(look, sum);
  }
  const each = [...sums.values()];
  const looks = each.length;
  const mean = (of: (sum: (typeof each)[number]) => number) => Math.round(each.reduce((all, sum) => all + of(sum), 0) / looks); // biome-ignore format: one call
  const came = each.map((sum) => sum.came);
  const off = (said: readonly number[]) => (came.some((value) => value > 0) ? wape(came, said) : null);
  const accounts = rows.map(({ call }) => call.account);
  const deals = new Set(rows.map(({ call }) => call.id)).size;
  const gap = bootstrapMean(accounts, rows.map(({ call }) => call.cameMinor - call.calledMinor), { draws, seed, level: LEVEL }); // biome-ignore format: one call
  // Of a row; a look holds so many.
  const a = (value: number) => Math.round((value * rows.length) / looks);
  const spread = new Set(accounts).size > 1;
  return {
    owner,
    looks,
    deals,
    calledMinor: mean((sum) => sum.called),
    expectedMinor: mean((sum) => sum.expected),
    cameMinor: mean((sum) => sum.came),
    gap: { minor: a(gap.value), lowMinor: spread ? a(gap.low) : null, highMinor: spread ? a(gap.high) : null },
    callWape: off(each.map((sum) => sum.called)),
    modelWape: off(each.map((sum) => sum.expected)),
    verdict: deals < FEWEST_DEALS || !spread ? 'tooFew' : gap.low > 0 ? 'sandbagging' : gap.high < 0 ? 'happyEars' : 'even', // biome-ignore format: one choice
  };
}
