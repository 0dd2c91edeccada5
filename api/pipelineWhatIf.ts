import { type ForecastNode, rollUp } from '../models/forecast/rollup.ts';
import type { Prediction } from '../models/prediction.ts';
import { ForesellError } from '../src/errors.ts';
import { DAY, type Period } from '../src/time.ts';
import { type Countable, type Ingredients, rollUpAsk } from './forecast.ts';
import { MOST_MINOR, type PipelineOpen } from './pipeline.ts';

/** Hypothetical changes of the whole pipeline; those of single deals are made in this order. */
export interface PipelineEdits {
  /** Deals taken out. */
  readonly drop: readonly string[];
  /** Deals won at once. */
  readonly win: readonly string[];
  /** Deals whose winning comes so many days later (or sooner). */
  readonly push: readonly { readonly id: string; readonly days: number }[];
  /** Deals of another amount, in minor units of the forecast's currency. */
  readonly reprice: readonly { readonly id: string; readonly amountMinor: number }[];
  /** Chances of open deals and of those to come, times this; at most 1. */
  readonly winRate: number;
  /** Deals to come, times this. */
  readonly newBusiness: number;
  /** Sellers more or fewer: deals to come in proportion. */
  readonly headcount: number;
}
export const noEdits: PipelineEdits = { drop: [], win: [], push: [], reprice: [], winRate: 1, newBusiness: 1, headcount: 0 }; // biome-ignore format: a row

export interface PipelineWhatIf {
  readonly before: ForecastNode;
  readonly after: ForecastNode;
  /** Those who have open deals now. */
  readonly sellers: number;
}

/**
 * What a period would bring, were the pipeline another; nothing is stored. A deal that is pushed by d days is won by the period's end as often as it
 * would be d days earlier. It is arithmetic on what the model says: it does not claim that a change of one thing leaves the others as they are.
 * Cost: two roll-ups.
 * @throws ForesellError where a deal is not open, is edited twice in one way or in two ways that exclude each other (what is won may be re-priced), is to
 *   be worth less than nothing or more than can be, or no seller would be left
 */
export function pipelineWhatIf(
  made: Ingredients,
  prediction: Prediction,
  period: Period,
  parts: readonly Countable[],
  edits: PipelineEdits,
): PipelineWhatIf {
  const asked = rollUpAsk(made, 'all', parts);
  const before = rollUp(asked).nodes[0];
  const open = new Map(made.pipeline.open.map((deal) => [deal.id, deal]));
  const known = (id: string, path: string): PipelineOpen => {
    const deal = open.get(id);
    if (deal) return deal;
    throw new ForesellError('deal-not-open', `${path}: "${id}" is no open deal with an amount; see deals of /v1/forecast`, { path }); // biome-ignore format: one sentence
  };
  const gone = new Set<string>();
  const checkThere = (id: string, path: string) => {
    if (gone.has(id)) throw wrong(path, `"${id}" is dropped or won already; leave one of the two out`);
  };
  const take = (id: string, path: string) => {
    checkThere(id, path);
    gone.add(id);
    return known(id, path);
  };
  for (const [i, id] of edits.drop.entries()) take(id, `pipeline.drop[${i}]`);
  const changed = new Map<string, PipelineOpen>();
  checkOnce(edits.reprice, 'reprice');
  checkOnce(edits.push, 'push');
  for (const [i, { id, amountMinor }] of edits.reprice.entries()) {
    const path = `pipeline.reprice[${i}]`;
    checkThere(id, `${path}.id`);
    if (amountMinor < 0 || amountMinor > MOST_MINOR) throw wrong(`${path}.amount`, `${amountMinor} minor units; expected 0 to ${MOST_MINOR}`); // biome-ignore format: one sentence
    changed.set(id, { ...known(id, `${path}.id`), amountMinor });
  }
  const won = edits.win.map((id, i) => {
    const deal = take(id, `pipeline.win[${i}]`);
    return changed.get(id) ?? deal;
  });
  for (const [i, { id, days }] of edits.push.entries()) {
    const path = `pipeline.push[${i}].id`;
    const deal = changed.get(id) ?? known(id, path);
    checkThere(id, path);
    changed.set(id, { ...deal, probability: chanceLater(made, prediction, deal.row, period, days) });
  }
  const sellers = new Set(made.pipeline.open.map((deal) => deal.owner).filter((owner) => owner !== null)).size;
  if (edits.headcount !== 0 && sellers + edits.headcount < 1) {
    throw new ForesellError('field-invalid', `pipeline.headcount: ${sellers} sellers have open deals; one must be left`, { path: 'pipeline.headcount' }); // biome-ignore format: one sentence
  }
  const heads = edits.headcount === 0 ? 1 : (sellers + edits.headcount) / sellers;
  const more = edits.newBusiness * heads * edits.winRate;
  const after = rollUp({
    ...asked,
    closed: [...asked.closed, ...(parts.includes('open') ? won : [])],
    open: asked.open.flatMap((deal) => {
      if (gone.has(deal.id)) return [];
      const now = changed.get(deal.id) ?? deal;
      return [now.renewal ? now : { ...now, probability: Math.min(1, now.probability * edits.winRate) }];
    }),
    ...(asked.coming
      ? { coming: { ...asked.coming, arrivals: { ...asked.coming.arrivals, mean: asked.coming.arrivals.mean * more } } }
      : {}),
  }).nodes[0];
  return { before, after, sellers };
}

const wrong = (path: string, what: string) => new ForesellError('field-invalid', `${path}: ${what}`, { path });

/** One of two numbers for the same deal would be lost without a word. */
function checkOnce(edits: readonly { readonly id: string }[], name: 'reprice' | 'push'): void {
  const seen = new Set<string>();
  for (const [i, { id }] of edits.entries()) {
    if (seen.has(id)) throw wrong(`pipeline.${name}[${i}].id`, `"${id}" is there twice; give it once`);
    seen.add(id);
  }
}

/** Of being won in the period, were the winning so many days later. */
export function chanceLater(
  { asOf, pipeline }: Pick<Ingredients, 'asOf' | 'pipeline'>,
  prediction: Prediction,
  row: number,
  period: Period,
  days: number,
): number {
  const by = (at: number) => {
    const ahead = (at - asOf) / DAY - days;
    return ahead > 0 ? prediction.positiveBy(row, ahead, pipeline.pace) : 0;
  };
  return Math.max(0, by(period.to) - (period.from > asOf ? by(period.from) : 0));
}
