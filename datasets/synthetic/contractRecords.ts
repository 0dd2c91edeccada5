import type { Random } from '../../src/random.ts';
import { DAY, type Instant, WEEK } from '../../src/time.ts';
import { type Clock, nextWorking, workingTime } from './clock.ts';
import { CONTRACT } from './constants.ts';
import type { ContractPath } from './contracts.ts';
import { logistic, pad, pick } from './draws.ts';
import type { Product } from './products.ts';
import { Journal, plain, type Tables } from './rows.ts';
import { SERVICE_WORDS } from './serviceWords.ts';

const HOUR = 3_600_000;
const whole = (at: Instant): Instant => Math.floor(at / 1000) * 1000;
const PRIORITIES = ['low', 'normal', 'normal', 'high'] as const;

/**
 * Writes what was recorded of a contract: each term as a subscription of its own (from a Sunday to a Saturday, known
 * the day after, so that a week's choice is on record when the week ends), usage, tickets, surveys, repeat orders and
 * invoices. Usage, csat and payment follow the health, which nobody wrote down.
 */
export function recordContract(
  path: ContractPath,
  products: readonly Product[],
  clock: Clock,
  draw: Random,
  tables: Tables,
): void {
  const { account, traits } = path;
  const [weeks, interval, , invoiceEvery] = CONTRACT.terms[path.kind]!;
  const service = products[path.seats > 14 ? 9 : 8]!;
  const goods = products.slice(0, 8);
  const end = path.cancelledAt ?? (path.leftWeek === null ? clock.end : clock.at(path.leftWeek + 1));
  const healthIn = (week: number) =>
    path.states[Math.max(0, Math.min(path.states.length, week - path.start) - 1)]!.health;
  let invoices = 0;
  const invoice = (issuedAt: Instant, amountMinor: number, orderId: string | null, health: number) => {
    if (issuedAt >= clock.end) return;
    const dueAt = clock.calendar.startOfDay(issuedAt) + CONTRACT.payment.termsDays * DAY;
    const { health: slope, sd } = CONTRACT.payment;
    const late = Math.max(-25, traits.pays + slope * health + sd * draw.normal());
    const paidAt = whole(nextWorking(clock, Math.max(issuedAt + HOUR, dueAt + late * DAY), draw));
    tables.invoice.push({ id: `I-${account.id}-${pad(++invoices, 3)}`, accountId: account.id, orderId, issuedAt, dueAt, paidAt: paidAt < clock.end ? paidAt : null, amountMinor, currency: account.currency, ...plain }); // biome-ignore format: a row
  };

  // Terms, and their invoices.
  let amount = path.seats * service.list(account.currency, path.start) * (weeks / 52) * (1 - 0.1 * draw.uniform());
  path.terms.forEach((term, i) => {
    amount *= (1 + term.rise) * term.kept;
    const amountMinor = Math.round(amount / 100) * 100;
    const last = i === path.terms.length - 1;
    tables.subscription.push({
      id: `S-${account.id}-${i + 1}`,
      accountId: account.id,
      productId: service.id,
      startedAt: clock.at(term.start) - DAY,
      endsAt: clock.at(term.start + weeks) - 2 * DAY,
      cancelledAt: last ? path.cancelledAt : null,
      amountMinor,
      currency: account.currency,
      interval,
      ...plain,
    });
    for (let w = term.start; w < term.start + weeks; w += invoiceEvery) {
      const at = workingTime(clock, w, draw);
      if (at < end) invoice(at, Math.round((amountMinor * invoiceEvery) / weeks), null, healthIn(w));
    }
  });

  // Usage of four weeks, told on the Monday after.
  const { usage } = CONTRACT;
  let used = 0;
  const weeksTold = path.weeks.length;
  for (let k = 0; k < weeksTold; k++) {
    const w = path.start + 1 + k;
    used += path.seats * Math.exp(usage.health * healthIn(w + 1) + usage.noise * draw.normal());
    if ((k + 1) % usage.everyWeeks !== 0) continue;
    tables.usage.push({ accountId: account.id, productId: service.id, at: clock.at(w + 1) - 6 * HOUR, quantity: Math.round(used), ...plain }); // biome-ignore format: a row
    used = 0;
  }

  let tickets = 0;
  let orders = 0;
  let surveys = 0;
  const words = SERVICE_WORDS[account.language];
  const survey = (at: Instant, kind: 'nps' | 'csat', score: number, most: number, contactId: string) => {
    if (at >= Math.min(end, clock.end)) return;
    const kindOf = score >= 0.85 * most ? 'good' : score >= 0.6 * most ? 'fair' : 'bad';
    const text = draw.uniform() < 0.6 ? pick(words.surveys[kindOf], draw) : null;
    tables.survey.push({ id: `V-${account.id}-${++surveys}`, accountId: account.id, contactId, at, kind, score, text, ...plain }); // biome-ignore format: a row
  };
  const score = (health: number, most: number) =>
    Math.max(0, Math.min(most, Math.round(((CONTRACT.survey.mean + CONTRACT.survey.health * health + CONTRACT.survey.sd * draw.normal()) * most) / 10))); // biome-ignore format: one formula

  path.weeks.forEach(({ tickets: opened, lateDays }, k) => {
    const w = path.start + 1 + k;
    const health = healthIn(w + 1);
    for (let n = 0; n < opened; n++) {
      const openedAt = workingTime(clock, w, draw);
      const contactId = pick(account.contacts, draw).id;
      const { hours, sdLog } = CONTRACT.reply;
      const reply = whole(nextWorking(clock, openedAt + 60_000 + HOUR * hours * Math.exp(sdLog * draw.normal()), draw));
      const close = whole(nextWorking(clock, reply + HOUR + 3 * DAY * draw.uniform() ** 2, draw));
      const closed = close < clock.end;
      const slow = Math.log((reply - openedAt) / HOUR / hours);
      const csat = Math.max(1, Math.min(5, Math.round(3.8 + 0.7 * health - 0.35 * slow + 0.7 * draw.normal())));
      const [subject, body] = pick(words.tickets, draw);
      const reopened = draw.uniform() < logistic(-2.2 - 0.5 * health);
      const answered = draw.uniform() < 0.5;
      tables.ticket.push({
        id: `H-${account.id}-${pad(++tickets, 3)}`,
        accountId: account.id,
        contactId,
        productId: service.id,
        openedAt,
        firstReplyAt: reply < clock.end ? reply : null,
        closedAt: closed ? close : null,
        priority: pick(PRIORITIES, draw),
        reopened: closed ? reopened : null,
        csat: closed && answered ? csat : null,
        subject,
        body,
        ...plain,
      });
      if (closed && draw.uniform() < CONTRACT.survey.afterTicket) survey(whole(close + DAY), 'csat', Math.max(1, score(health, 5)), 5, contactId); // biome-ignore format: one survey
    }
    if ((k + 1) % CONTRACT.survey.everyWeeks === 0 && draw.uniform() < CONTRACT.survey.answered) {
      survey(workingTime(clock, w, draw), 'nps', score(health, 10), 10, pick(account.contacts, draw).id);
    }
    if (lateDays !== null) order(w, lateDays, health);
  });
  // Orders placed before the end that came after it: without them an order on its way would tell who stays.
  for (let w = path.start + 1 + path.weeks.length, more = 0; more < 7; w++, more++) {
    if (draw.uniform() >= CONTRACT.orders.weekly) continue;
    order(w, draw.uniform() < CONTRACT.orders.lateShare ? 2 + draw.below(18) : -draw.below(5), healthIn(w));
  }

  /** A repeat order that is delivered in week w, so many days late; its line at list price less what is usual. */
  function order(w: number, lateDays: number, health: number): void {
    const deliveredAt = workingTime(clock, w, draw);
    const promisedAt = clock.calendar.startOfDay(deliveredAt) - lateDays * DAY;
    const at = whole(Math.min(deliveredAt, promisedAt) - (7 + 14 * draw.uniform()) * DAY);
    if (at < clock.at(path.start) || at >= end) return;
    const done = deliveredAt < clock.end;
    const id = `R-${account.id}-${pad(++orders, 3)}`;
    const product = pick(goods, draw);
    const quantity = 1 + draw.below(6);
    const list = product.list(account.currency, Math.max(0, Math.floor((at - clock.start) / WEEK)));
    const discount = Math.round(1000 * 0.12 * draw.uniform()) / 1000;
    const unitPriceMinor = Math.round((list * (1 - discount)) / 100) * 100;
    const journal = new Journal(tables.change, 'order', id);
    journal.set(at, 'status', 'open', null);
    if (done) journal.set(deliveredAt, 'status', 'delivered', null);
    tables.order.push({ id, accountId: account.id, dealId: null, at, promisedAt, deliveredAt: done ? deliveredAt : null, status: journal.get('status'), ...plain }); // biome-ignore format: a row
    tables.orderLine.push({
      id: `${id}-1`,
      orderId: id,
      productId: product.id,
      quantity,
      unitPriceMinor,
      discount,
      costMinor: product.cost(account.currency),
      currency: account.currency,
      ...plain,
    });
    if (done) invoice(whole(deliveredAt + HOUR), unitPriceMinor * quantity, id, health);
  }
}
