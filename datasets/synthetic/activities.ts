import type { Random } from '../../src/random.ts';
import type { RowOf } from '../../src/records.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { type Clock, contactTime, nextWorking } from './clock.ts';
import { ACTIVITY } from './constants.ts';
import { logistic, pad, pick, poisson } from './draws.ts';
import type { DealPath } from './latent.ts';
import { message } from './messages.ts';
import { ROLES } from './names.ts';
import type { Rep } from './people.ts';
import { PHRASES } from './phrases.ts';
import { plain, type Tables } from './rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
type Activity = RowOf<'activity'>;

/**
 * Writes what was said in a deal. Counts, replies, tone and meetings follow the week's engagement, which a model may
 * read from them; nothing before the close knows of the outcome. What would fall after the close is not written,
 * but for meetings booked before it, and a little that follows a close naturally.
 */
export function recordActivities(
  deal: DealPath,
  reps: readonly Rep[],
  clock: Clock,
  draw: Random,
  tables: Tables,
): void {
  const { account } = deal;
  const until = deal.closedAt ?? clock.end;
  const diligence = (rep: Rep) => Math.exp(ACTIVITY.diligenceSd * rep.diligence);
  let owner = reps[deal.rep]!;
  let number = 0;
  const joined = [draw.below(account.contacts.length)];
  const join = (at: Instant, contact: number) =>
    tables.dealContact.push({
      dealId: deal.id,
      contactId: account.contacts[contact]!.id,
      role: ROLES[account.contacts[contact]!.title]!,
      at,
      ...plain,
    });
  join(deal.createdAt, joined[0]!);

  const write = (fields: Pick<Activity, 'kind' | 'direction' | 'at'> & Partial<Activity>) =>
    tables.activity.push({
      id: `${deal.id}-${pad(++number, 3)}`,
      endedAt: null,
      dealId: deal.id,
      leadId: null,
      accountId: account.id,
      contactId: null,
      userId: owner.id,
      subject: null,
      body: null,
      outcome: null,
      participants: null,
      ...plain,
      ...fields,
    });

  const weeks = deal.engagement.length;
  for (let k = 0; k < weeks; k++) {
    const w = deal.week + k;
    if (w >= clock.weeks) break;
    if (k > 0 && w === deal.traits.nextFrom) owner = reps[owner.successor]!;
    const engagement = deal.engagement[k]!;
    const stage = deal.states[Math.max(0, k - 1)]!.stage;
    const count = (law: { readonly base: number; readonly engagement: number }, times = 1) =>
      poisson(times * Math.exp(law.base + law.engagement * engagement), draw);
    const moment = () => contactTime(clock, w, ACTIVITY.afterHours, draw);
    const inTime = (at: Instant) => at > deal.createdAt && at < until;
    const person = () => account.contacts[pick(joined, draw)]!;
    const say = (kind: 'email' | 'chat', direction: 'in' | 'out', at: Instant) => {
      const contact = person();
      const said = message(
        { language: account.language, direction, engagement, stage, name: contact.name, short: kind === 'chat' },
        draw,
      );
      if (inTime(at))
        write({ kind, direction, at, contactId: contact.id, subject: said.subject || null, body: said.body });
    };
    const replyAfter = (
      at: Instant,
      law: { readonly base: number; readonly engagement: number; readonly sdLog: number },
    ) =>
      nextWorking(
        clock,
        at + HOUR * Math.exp(law.base + law.engagement * engagement + law.sdLog * draw.normal()),
        draw,
      );

    if (count(ACTIVITY.contactJoins) > 0 && joined.length < account.contacts.length) {
      const others = account.contacts.map((_, i) => i).filter((i) => !joined.includes(i));
      const at = moment();
      const next = pick(others, draw);
      if (inTime(at)) {
        join(at, next);
        joined.push(next);
      }
    }
    for (const kind of ['email', 'chat'] as const) {
      const [outLaw, inLaw] =
        kind === 'email' ? [ACTIVITY.emailOut, ACTIVITY.emailIn] : [ACTIVITY.chatOut, ACTIVITY.chatIn];
      const sent: Instant[] = [];
      for (let n = count(outLaw, diligence(owner)); n > 0; n--) {
        const at = moment();
        sent.push(at);
        say(kind, 'out', at);
      }
      for (let n = count(inLaw); n > 0; n--) {
        const at = sent.length > 0 && draw.uniform() < 0.75 ? replyAfter(pick(sent, draw), ACTIVITY.replyIn) : moment();
        say(kind, 'in', at);
        if (draw.uniform() < 0.5) say(kind, 'out', replyAfter(at, ACTIVITY.replyOut));
      }
    }
    for (const direction of ['out', 'in'] as const) {
      const law = direction === 'out' ? ACTIVITY.callOut : ACTIVITY.callIn;
      for (let n = count(law, direction === 'out' ? diligence(owner) : 1); n > 0; n--) {
        const at = moment();
        const answered = direction === 'in' || draw.uniform() < logistic(0.4 + 0.5 * engagement);
        const lasts = answered ? Math.round(Math.exp(5.2 + 0.3 * engagement + 0.6 * draw.normal())) * 1000 : 20_000;
        const contactId = person().id;
        const ended = at + lasts < until;
        if (!inTime(at)) continue;
        write({ kind: 'call', direction, at, contactId, endedAt: ended ? at + lasts : null, outcome: ended ? (answered ? 'connected' : 'no answer') : null }); // biome-ignore format: a row
      }
    }
    for (let n = count(ACTIVITY.meeting); n > 0; n--) {
      const booked = moment();
      const at = onTheHalfHour(nextWorking(clock, booked + (2 + 10 * draw.uniform()) * DAY, draw));
      const kept = draw.uniform() < logistic(ACTIVITY.held.base + ACTIVITY.held.engagement * engagement);
      const lasts = (2 + draw.below(5)) * 15 * MINUTE;
      const contactId = person().id;
      const participants = 2 + poisson(Math.exp(0.3 * engagement), draw);
      const subject = pick(PHRASES[account.language].meeting, draw);
      if (!inTime(booked)) continue;
      const after = deal.closedAt !== null && at >= deal.closedAt;
      const endedAt = at + lasts < clock.end ? at + lasts : null;
      const outcome =
        endedAt === null ? null : after && deal.outcome === 'lost' ? 'cancelled' : kept ? 'held' : 'missed';
      write({
        kind: 'meeting',
        direction: 'out',
        at,
        endedAt,
        contactId,
        subject,
        outcome,
        participants,
        knownAt: booked,
      });
    }
    for (const kind of ['note', 'task'] as const) {
      for (let n = count(ACTIVITY[kind], diligence(owner)); n > 0; n--) {
        const at = moment();
        const body = pick(PHRASES[account.language][kind], draw);
        if (inTime(at)) write({ kind, direction: null, at, body });
      }
    }
  }
  afterClose(deal, clock, draw, write);
}

/** A kick-off after a win, a line of regret after a loss. */
function afterClose(
  deal: DealPath,
  clock: Clock,
  draw: Random,
  write: (fields: Pick<Activity, 'kind' | 'direction' | 'at'> & Partial<Activity>) => void,
): void {
  if (deal.closedAt === null || draw.uniform() < 0.4) return;
  const thai = deal.account.language === 'th';
  const at = nextWorking(clock, deal.closedAt + (1 + 6 * draw.uniform()) * DAY, draw);
  if (at >= clock.end - HOUR) return;
  const contactId = deal.account.contacts[0]!.id;
  if (deal.outcome === 'won') {
    const subject = thai ? 'เริ่มโครงการ' : 'Kick-off';
    write({
      kind: 'meeting',
      direction: 'out',
      at,
      endedAt: at + HOUR,
      contactId,
      subject,
      outcome: 'held',
      participants: 4,
    });
  } else {
    const body = thai ? 'ขอบคุณที่พิจารณาข้อเสนอของเรา' : 'Thank you for considering our offer.';
    write({ kind: 'email', direction: 'out', at, contactId, subject: thai ? 'ขอบคุณ' : 'Thank you', body });
  }
}

const onTheHalfHour = (at: Instant): Instant => Math.ceil(at / (30 * MINUTE)) * 30 * MINUTE;
