import type { Random } from '../../src/random.ts';
import { DAY, type Instant } from '../../src/time.ts';
import type { Account } from './accounts.ts';
import { type Clock, contactTime } from './clock.ts';
import { CAMPAIGN, LEAD } from './constants.ts';
import { exponential, pad, pick } from './draws.ts';
import { plain, type Tables } from './rows.ts';

const HOUR = 3_600_000;

/** A campaign, with how well it really works. */
export interface Campaign {
  readonly id: string;
  readonly channel: string;
  readonly from: number;
  /** Week before which it ends. */
  readonly to: number;
  /** Effect on its leads, log-odds. Never recorded. */
  readonly quality: number;
}

const NAMES = ['Spring offer', 'Factory check', 'New controllers', 'Energy saving', 'Year-end service', 'Open house'];

/** Campaigns one after another over the whole history, overlapping a little. */
export function campaigns(clock: Clock, draw: Random, tables: Tables): Campaign[] {
  const out: Campaign[] = [];
  for (let from = 0; from < clock.weeks; from += CAMPAIGN.everyWeeks) {
    const id = `M${pad(out.length + 1, 3)}`;
    const channel = pick(CAMPAIGN.channels, draw);
    const to = Math.min(clock.weeks, from + CAMPAIGN.lastsWeeks);
    tables.campaign.push({
      id,
      name: `${NAMES[out.length % NAMES.length]} ${clock.calendar.date(clock.at(from)).slice(0, 7)}`,
      channel,
      startedAt: clock.at(from) + DAY / 3,
      endedAt: to < clock.weeks ? clock.at(to) - 6 * HOUR : null,
      costMinor: (20 + draw.below(180)) * 100_000,
      ...plain,
    });
    out.push({ id, channel, from, to, quality: LEAD.campaignSd * draw.normal() });
  }
  return out;
}

export const runningIn = (campaigns: readonly Campaign[], week: number): readonly Campaign[] =>
  campaigns.filter((campaign) => campaign.from <= week && week < campaign.to);

/** A mail of a campaign: when it was sent, opened and clicked; what would fall at or after `until` did not happen. */
export function mailed(
  sentAt: Instant,
  openedChance: number,
  clickedChance: number,
  respondedChance: number,
  until: Instant,
  draw: Random,
): { readonly openedAt: Instant | null; readonly clickedAt: Instant | null; readonly respondedAt: Instant | null } {
  const after = (from: Instant | null, chance: number, hours: number): Instant | null => {
    const happens = draw.uniform() < chance;
    const wait = exponential(hours, draw);
    if (from === null || !happens) return null;
    const at = Math.floor((from + HOUR * wait) / 1000) * 1000 + 1000;
    return at < until ? at : null;
  };
  const openedAt = after(sentAt, openedChance, 20);
  const clickedAt = after(openedAt, clickedChance, 0.3);
  return { openedAt, clickedAt, respondedAt: after(clickedAt, respondedChance, 12) };
}

/** Consents of the contacts, and the mails that campaigns wrote to those who had given theirs. */
export function recordConsents(
  customers: readonly Account[],
  all: readonly Campaign[],
  clock: Clock,
  draw: Random,
  tables: Tables,
  drain: () => void,
): void {
  const byMail = all.filter((campaign) => campaign.channel === 'email');
  for (const account of customers) {
    for (const contact of account.contacts) {
      if (!contact.agreed) continue;
      const givenAt = account.createdAt + 3 * HOUR;
      if (givenAt >= clock.end) continue;
      const leaves = draw.uniform() < CAMPAIGN.consentWithdrawn;
      const withdrawn = Math.floor(givenAt + (10 + 700 * draw.uniform()) * DAY);
      const withdrawnAt = leaves && withdrawn < clock.end ? withdrawn - (withdrawn % 1000) : null;
      tables.consent.push({ contactId: contact.id, purpose: 'marketing', channel: 'email', givenAt, withdrawnAt, ...plain }); // biome-ignore format: a row
      for (const campaign of byMail) {
        if (draw.uniform() >= CAMPAIGN.reach) continue;
        const sentAt = contactTime(clock, campaign.from + draw.below(campaign.to - campaign.from), 0.1, draw);
        if (sentAt <= givenAt || sentAt >= (withdrawnAt ?? clock.end)) continue;
        const { opened, clicked, responded } = CAMPAIGN;
        tables.campaignMember.push({
          campaignId: campaign.id,
          contactId: contact.id,
          leadId: null,
          variant: draw.uniform() < 0.5 ? 'a' : 'b',
          sentAt,
          ...mailed(sentAt, opened, clicked, responded, clock.end, draw),
          ...plain,
        });
      }
    }
    drain();
  }
}
