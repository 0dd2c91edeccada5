import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { daysSince, ratio } from './shared.ts';

/** How the lead, or the account's people, met our campaigns, and what they allow us to send. */

/** Whom campaigns reach: the lead itself, else the account. */
const reached = (past: Past): Past | undefined => (past.of === 'lead' ? past : past.account);

export const campaignSentCount90d = defineFeature({
  name: 'campaign_sent_count_90d',
  type: 'number',
  unit: 'count',
  says: 'Campaign messages sent in the last 90 days.',
  label: { en: 'campaign messages in the last 90 days', th: 'ข้อความแคมเปญใน 90 วันที่ผ่านมา' },
  idea: 'campaigns',
  compute: (past) => reached(past)?.within('campaignSent', 90).length ?? Number.NaN,
});

export const campaignOpenedRatio365d = defineFeature({
  name: 'campaign_opened_ratio_365d',
  type: 'number',
  unit: 'ratio',
  says: 'Campaign messages opened in the last 365 days over those sent, at most 1.',
  label: { en: 'campaign messages that were opened', th: 'สัดส่วนข้อความแคมเปญที่เปิดอ่าน' },
  idea: 'campaign interest',
  compute: (past) => {
    const who = reached(past);
    return who
      ? Math.min(1, ratio(who.within('campaignOpened', 365).length, who.within('campaignSent', 365).length))
      : Number.NaN;
  },
});

export const campaignClickedCount90d = defineFeature({
  name: 'campaign_clicked_count_90d',
  type: 'number',
  unit: 'count',
  says: 'Campaign messages clicked in the last 90 days.',
  label: { en: 'campaign clicks in the last 90 days', th: 'การคลิกแคมเปญใน 90 วันที่ผ่านมา' },
  idea: 'campaign interest',
  compute: (past) => reached(past)?.within('campaignClicked', 90).length ?? Number.NaN,
});

export const campaignRespondedCount365d = defineFeature({
  name: 'campaign_responded_count_365d',
  type: 'number',
  unit: 'count',
  says: 'Answers to campaigns in the last 365 days.',
  label: { en: 'answers to campaigns in the last year', th: 'การตอบรับแคมเปญใน 1 ปีที่ผ่านมา' },
  idea: 'campaign interest',
  compute: (past) => reached(past)?.within('campaignResponded', 365).length ?? Number.NaN,
});

export const campaignInterestAgeDays = defineFeature({
  name: 'campaign_interest_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since a campaign message was last opened, clicked or answered.',
  label: { en: 'days since interest in a campaign', th: 'จำนวนวันนับจากสนใจแคมเปญล่าสุด' },
  idea: 'campaign interest',
  compute: (past) => {
    const who = reached(past);
    const times = [who?.last('campaignOpened')?.at, who?.last('campaignClicked')?.at, who?.last('campaignResponded')?.at]; // biome-ignore format: a row
    const newest = Math.max(...times.map((at) => at ?? Number.NEGATIVE_INFINITY));
    return daysSince(past, Number.isFinite(newest) ? newest : undefined);
  },
});

export const consentWithdrawnCount = defineFeature({
  name: 'consent_withdrawn_count_365d',
  type: 'number',
  unit: 'count',
  says: "Consents that the account's people withdrew in the last 365 days.",
  label: { en: 'consents withdrawn', th: 'จำนวนความยินยอมที่ถูกถอน' },
  idea: 'consent',
  compute: (past) => past.account?.within('consentWithdrawn', 365).length ?? Number.NaN,
});

export const consentContactCount = defineFeature({
  name: 'consent_contact_count',
  type: 'number',
  unit: 'count',
  says: 'People of the account with a consent that stands.',
  label: { en: 'people who agreed to be contacted', th: 'จำนวนผู้ที่ยินยอมให้ติดต่อ' },
  idea: 'consent',
  compute: (past) => {
    const account = past.account;
    if (!account) return Number.NaN;
    const stands = new Map<string, string>();
    const key = (c: { contactId: string; purpose: string | null; channel: string | null }) => `${c.contactId}|${c.purpose}|${c.channel}`; // biome-ignore format: one name
    const moves = [...account.all('consentGiven'), ...account.all('consentWithdrawn')].sort((a, b) => a.at - b.at);
    for (const move of moves) {
      if (move.kind === 'consentGiven') stands.set(key(move), move.contactId);
      else stands.delete(key(move));
    }
    return new Set(stands.values()).size;
  },
});
