import type { Random } from '../../src/random.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { type Clock, workingTime } from './clock.ts';
import { LOST_STAGE, OPEN_STAGES, ORDER, PIPELINE, WON_STAGE } from './constants.ts';
import { exponential, poisson } from './draws.ts';
import type { DealPath } from './latent.ts';
import type { Rep } from './people.ts';
import type { Product } from './products.ts';
import { Journal, plain, type Tables } from './rows.ts';

const MINUTE = 60_000;
const CATEGORIES = ['pipeline', 'best case', 'commit'] as const;
const LOST_REASONS = ['price', 'competitor', 'no decision', 'timing', 'no fit'] as const;

interface Line {
  readonly product: Product;
  quantity: number;
}

/** Writes what the company recorded of a deal: its row, every change of its fields, its quotes, and the order of a won one. */
export function recordDeal(
  deal: DealPath,
  reps: readonly Rep[],
  products: readonly Product[],
  clock: Clock,
  draw: Random,
  tables: Tables,
  leadId: string | null = null,
): void {
  const { account } = deal;
  const currency = account.currency;
  const journal = new Journal(tables.change, 'deal', deal.id);
  let owner = reps[deal.rep]!;
  const lines = firstLines(deal, products, draw);
  let quotes = 0;
  let amountMinor = 0;
  let units: number[] = [];

  /** A new quote of all lines, whose sum is the deal's amount. */
  const quote = (at: Instant, discount: number) => {
    const quoteId = `Q-${deal.id}-${++quotes}`;
    const week = Math.floor(clock.week(at));
    amountMinor = 0;
    units = lines.map((line, i) => {
      const list = line.product.list(currency, week);
      const given = Math.max(0, discount + 0.01 * draw.normal());
      const unit = Math.max(100, Math.round((list * (1 - given)) / 100) * 100);
      amountMinor += unit * line.quantity;
      tables.quoteLine.push({
        id: `${quoteId}-${i + 1}`,
        quoteId,
        dealId: deal.id,
        at,
        productId: line.product.id,
        quantity: line.quantity,
        listPriceMinor: list,
        unitPriceMinor: unit,
        currency,
        ...plain,
      });
      return unit;
    });
    journal.set(at, 'amount', (amountMinor / 100).toFixed(2), owner.id);
  };
  const dateOf = (day: number) => clock.calendar.date(clock.start + day * DAY);
  const categorise = (at: Instant, stage: number, engagement: number) => {
    const belief = 0.75 * stage + 0.5 * engagement + owner.optimism + 0.7 * draw.normal();
    journal.set(at, 'forecast_category', CATEGORIES[belief > 3 ? 2 : belief > 1.5 ? 1 : 0]!, owner.id);
  };

  const first = deal.states[0]!;
  journal.set(deal.createdAt, 'owner_id', owner.id, owner.id);
  journal.set(deal.createdAt, 'stage', OPEN_STAGES[first.stage]!, owner.id);
  journal.set(deal.createdAt, 'expected_close_date', dateOf(first.expectedDay), owner.id);
  quote(deal.createdAt, first.discount);
  categorise(deal.createdAt, first.stage, deal.engagement[0]!);

  for (let k = 0; k < deal.states.length; k++) {
    const w = deal.week + 1 + k;
    if (w === deal.traits.nextFrom && w < clock.weeks) {
      owner = reps[owner.successor]!;
      journal.set(clock.at(w) + 8 * 60 * MINUTE, 'owner_id', owner.id, null);
    }
    const before = deal.states[k]!;
    const after = deal.states[k + 1];
    if (!after) break;
    const at = workingTime(clock, w, draw);
    if (after.stage !== before.stage) journal.set(at, 'stage', OPEN_STAGES[after.stage]!, owner.id);
    if (after.quoted) {
      if (draw.uniform() < 0.25) requantify(lines, draw);
      quote(at + 7 * MINUTE, after.discount);
    }
    journal.set(at + 9 * MINUTE, 'expected_close_date', dateOf(after.expectedDay), owner.id);
    if (after.stage !== before.stage || draw.uniform() < 0.15)
      categorise(at + 11 * MINUTE, after.stage, deal.engagement[k + 1]!);
  }

  const newest = deal.states.at(-1)!;
  const { outcome, closedAt } = deal;
  if (outcome && closedAt !== null) {
    journal.set(closedAt, 'stage', outcome === 'won' ? WON_STAGE : LOST_STAGE, owner.id);
    journal.set(closedAt, 'forecast_category', outcome === 'won' ? 'closed' : 'omitted', owner.id);
  }
  tables.deal.push({
    id: deal.id,
    accountId: account.id,
    ownerId: owner.id,
    leadId,
    name: `${account.name} ${lines[0]!.product.id}`,
    pipeline: PIPELINE,
    stage: journal.get('stage'),
    amountMinor,
    currency,
    createdAt: deal.createdAt,
    expectedCloseDate: clock.start + newest.expectedDay * DAY,
    forecastCategory: journal.get('forecast_category'),
    closedAt,
    outcome,
    cause: outcome,
    lostReason: outcome === 'lost' ? LOST_REASONS[draw.below(LOST_REASONS.length)]! : null,
    knownAt: null,
    custom: { source: deal.source },
  });
  if (outcome === 'won' && closedAt !== null) order(deal, closedAt, lines, units, clock, draw, tables);
}

/** One to four products; a larger deal has more of each. */
function firstLines(deal: DealPath, products: readonly Product[], draw: Random): Line[] {
  const count = 1 + Math.min(3, poisson(0.9, draw));
  const lines: Line[] = [];
  while (lines.length < count) {
    const product = products[draw.below(products.length)]!;
    if (lines.some((line) => line.product === product)) continue;
    const worth = 220_000 * Math.exp(0.8 * deal.scale + 0.3 * deal.account.size + 0.4 * draw.normal());
    lines.push({ product, quantity: Math.max(1, Math.round(worth / product.base)) });
  }
  return lines;
}

function requantify(lines: readonly Line[], draw: Random): void {
  const line = lines[draw.below(lines.length)]!;
  line.quantity = Math.max(1, Math.round(line.quantity * Math.exp(0.3 * draw.normal())));
}

function order(
  deal: DealPath,
  closedAt: Instant,
  lines: readonly Line[],
  units: readonly number[],
  clock: Clock,
  draw: Random,
  tables: Tables,
): void {
  const at = closedAt + (20 + draw.below(600)) * MINUTE;
  if (at >= clock.end) return;
  const id = `O-${deal.id}`;
  const [least, most] = ORDER.promisedDays;
  const promisedAt = clock.calendar.startOfDay(at) + (least + draw.below(most - least + 1)) * DAY;
  const delay = draw.uniform() < ORDER.lateShare ? 1 + exponential(ORDER.lateMeanDays, draw) : -4 * draw.uniform();
  const arrives = promisedAt + Math.round((delay * DAY) / MINUTE) * MINUTE + 10 * 60 * MINUTE;
  const delivered = Math.max(arrives, at + DAY);
  const done = delivered < clock.end;
  const journal = new Journal(tables.change, 'order', id);
  journal.set(at, 'status', 'open', null);
  if (done) journal.set(delivered, 'status', 'delivered', null);
  tables.order.push({
    id,
    accountId: deal.account.id,
    dealId: deal.id,
    at,
    promisedAt,
    deliveredAt: done ? delivered : null,
    status: journal.get('status'),
    ...plain,
  });
  const week = Math.floor(clock.week(closedAt));
  lines.forEach((line, i) => {
    const list = line.product.list(deal.account.currency, week);
    tables.orderLine.push({
      id: `${id}-${i + 1}`,
      orderId: id,
      productId: line.product.id,
      quantity: line.quantity,
      unitPriceMinor: units[i]!,
      discount: Math.round(Math.max(0, 1 - units[i]! / list) * 10_000) / 10_000,
      costMinor: line.product.cost(deal.account.currency),
      currency: deal.account.currency,
      ...plain,
    });
  });
}
