import type { Random } from '../../src/random.ts';
import type { RowOf } from '../../src/records.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { personName } from './accounts.ts';
import { type Campaign, mailed, runningIn } from './campaigns.ts';
import { type Clock, contactTime, nextWorking, workingTime } from './clock.ts';
import { ACCOUNTS, ACTIVITY, LEAD } from './constants.ts';
import { logistic, pad, pick, poisson } from './draws.ts';
import type { LeadPath } from './leads.ts';
import { message } from './messages.ts';
import { COMPANY_HEADS, COMPANY_TAILS, TITLES } from './names.ts';
import type { Rep } from './people.ts';
import { PHRASES } from './phrases.ts';
import { Journal, plain, type Tables } from './rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
type Activity = RowOf<'activity'>;

/**
 * Writes what was recorded of a lead: its row, the history of its status and owner, what was said, and the campaign
 * mails it got. Nothing before the close knows of the outcome.
 *
 * @param country of a lead that became no deal: from the same law as of those that did
 */
export function recordLead(
  lead: LeadPath,
  reps: readonly Rep[],
  campaigns: readonly Campaign[],
  country: string,
  clock: Clock,
  draw: Random,
  tables: Tables,
): void {
  const until = lead.closedAt ?? clock.end;
  const from = lead.deal?.country ?? country;
  const foreign = from !== 'Thailand';
  const name = personName(foreign, draw);
  const company = `${pick(COMPANY_HEADS, draw)} ${pick(COMPANY_TAILS, draw)}`;
  const language = !foreign && draw.uniform() < ACCOUNTS.thaiTextShare ? 'th' : 'en';
  let owner = reps[lead.rep]!;
  const journal = new Journal(tables.change, 'lead', lead.id);
  journal.set(lead.createdAt, 'owner_id', owner.id, null);
  journal.set(lead.createdAt, 'status', LEAD.statuses[0], null);

  let number = 0;
  const write = (fields: Pick<Activity, 'kind' | 'direction' | 'at'> & Partial<Activity>) => {
    const known = fields.knownAt ?? fields.at;
    if (known <= lead.createdAt || known >= until) return;
    tables.activity.push({
      id: `${lead.id}-${pad(++number, 3)}`,
      endedAt: null,
      dealId: null,
      leadId: lead.id,
      accountId: null,
      contactId: null,
      userId: owner.id,
      subject: null,
      body: null,
      outcome: null,
      participants: null,
      ...plain,
      ...fields,
    });
  };
  const say = (kind: 'email' | 'chat', direction: 'in' | 'out', at: Instant, interest: number, stage: number) => {
    const said = message({ language, direction, engagement: interest, stage, name, short: kind === 'chat' }, draw);
    write({ kind, direction, at, subject: said.subject || null, body: said.body });
  };
  const call = (direction: 'in' | 'out', at: Instant, interest: number) => {
    const answered = direction === 'in' || draw.uniform() < logistic(0.2 + 0.5 * interest);
    const lasts = answered ? Math.round(Math.exp(4.9 + 0.3 * interest + 0.6 * draw.normal())) * 1000 : 20_000;
    const ended = at + lasts < until;
    write({ kind: 'call', direction, at, endedAt: ended ? at + lasts : null, outcome: ended ? (answered ? 'connected' : 'no answer') : null }); // biome-ignore format: a row
  };

  // The first answer is what the response time is read from.
  const byCall = draw.uniform() < 0.4;
  if (byCall) call('out', lead.answeredAt, lead.interest[0]!);
  else say('email', 'out', lead.answeredAt, lead.interest[0]!, 0);
  if (lead.answeredAt < until) journal.set(lead.answeredAt + MINUTE, 'status', LEAD.statuses[1], owner.id);

  const used = new Set<string>();
  if (lead.campaign) {
    used.add(lead.campaign.id);
    tables.campaignMember.push({
      campaignId: lead.campaign.id,
      contactId: null,
      leadId: lead.id,
      variant: draw.uniform() < 0.5 ? 'a' : 'b',
      sentAt: null,
      openedAt: null,
      clickedAt: null,
      respondedAt: lead.createdAt,
      ...plain,
    });
  }

  for (let k = 0; k < lead.interest.length; k++) {
    const w = lead.week + k;
    if (w >= clock.weeks) break;
    if (k > 0 && w === owner.leaves) {
      owner = reps[owner.successor]!;
      journal.set(clock.at(w) + 8 * HOUR, 'owner_id', owner.id, null);
    }
    const interest = lead.interest[k]!;
    const status = lead.states[Math.max(0, k - 1)]!.status;
    const next = k > 0 ? lead.states[k] : undefined;
    if (next && next.status === 2 && status < 2) {
      // In the week after that of the first answer at the earliest, so the order of statuses holds.
      const at = Math.max(workingTime(clock, w, draw), lead.answeredAt + HOUR);
      if (at < until) journal.set(at, 'status', LEAD.statuses[2], owner.id);
    }
    const { activity } = LEAD;
    const count = (law: { readonly base: number; readonly interest: number }) =>
      poisson(Math.exp(law.base + law.interest * interest), draw);
    const moment = () => contactTime(clock, w, ACTIVITY.afterHours, draw);
    // Nobody writes to a lead before the first answer.
    const ours = (at: Instant) => at > lead.answeredAt;
    for (let n = count(activity.emailOut); n > 0; n--) {
      const at = moment();
      if (ours(at)) say('email', 'out', at, interest, status);
    }
    for (let n = count(activity.emailIn); n > 0; n--) {
      const at = moment();
      say('email', 'in', at, interest, status);
      const reply = nextWorking(clock, at + HOUR * Math.exp(1.6 + 0.9 * draw.normal()), draw);
      if (draw.uniform() < 0.5 && ours(reply)) say('email', 'out', reply, interest, status);
    }
    for (let n = count(activity.callOut); n > 0; n--) {
      const at = moment();
      if (ours(at)) call('out', at, interest);
    }
    for (let n = count(activity.callIn); n > 0; n--) call('in', moment(), interest);
    for (let n = count(activity.chatIn); n > 0; n--) say('chat', 'in', moment(), interest, status);
    for (let n = status > 0 ? count(activity.meeting) : 0; n > 0; n--) {
      const booked = moment();
      const at = Math.ceil(nextWorking(clock, booked + (1 + 6 * draw.uniform()) * DAY, draw) / (30 * MINUTE)) * 30 * MINUTE; // biome-ignore format: one time
      const endedAt = at + 45 * MINUTE < clock.end ? at + 45 * MINUTE : null;
      const kept = draw.uniform() < logistic(1 + 0.7 * interest);
      const closed = lead.closedAt !== null && at >= lead.closedAt && lead.outcome === 'disqualified';
      const outcome = endedAt === null ? null : closed ? 'cancelled' : kept ? 'held' : 'missed';
      const subject = pick(PHRASES[language].meeting, draw);
      write({ kind: 'meeting', direction: 'out', at, endedAt, subject, outcome, participants: 2, knownAt: booked });
    }
    for (let n = count(activity.note); n > 0; n--) {
      const at = moment();
      const body = pick(PHRASES[language].note, draw);
      if (ours(at)) write({ kind: 'note', direction: null, at, body });
    }
    if (draw.uniform() < LEAD.mail.weekly) {
      const open = runningIn(campaigns, w).filter((campaign) => !used.has(campaign.id));
      const sentAt = moment();
      if (open.length > 0 && sentAt > lead.createdAt && sentAt < until) {
        const campaign = pick(open, draw);
        used.add(campaign.id);
        const { opened, clicked } = LEAD.mail;
        tables.campaignMember.push({
          campaignId: campaign.id,
          contactId: null,
          leadId: lead.id,
          variant: draw.uniform() < 0.5 ? 'a' : 'b',
          sentAt,
          ...mailed(sentAt, logistic(opened.base + opened.interest * interest), logistic(clicked.base + clicked.interest * interest), 0.1, until, draw), // biome-ignore format: one mail
          ...plain,
        });
      }
    }
  }

  const { outcome, closedAt } = lead;
  if (outcome && closedAt !== null) journal.set(closedAt, 'status', outcome === 'converted' ? 'Converted' : 'Disqualified', owner.id); // biome-ignore format: one change
  tables.lead.push({
    id: lead.id,
    name,
    company: lead.deal?.company ?? company,
    title: TITLES[lead.title]![0],
    email: `${lead.id.toLowerCase()}@lead.example`,
    phone: `+66 2 556 ${pad(lead.index % 10_000, 4)}`,
    source: lead.source,
    campaign: lead.campaign?.id ?? null,
    country: from,
    ownerId: owner.id,
    createdAt: lead.createdAt,
    status: journal.get('status'),
    consent: null,
    convertedAt: outcome === 'converted' ? closedAt : null,
    convertedDealId: lead.deal?.id ?? null,
    closedAt,
    outcome,
    ...plain,
  });
}
