import type { LeadTally } from '../src/norms/leads.ts';
import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { bornAt, changesOf, daysSince, drawnTo, moves, ratio, shared, word } from './shared.ts';

/** The lead itself: age, status, how soon it was answered, how leads like it usually end. */

/** Share converted of a group's leads, those open for long counted as not; drawn to the rate of all leads. */
function conversion(past: Past, tally: LeadTally | undefined): number {
  const { all } = past.norms.leads;
  const rate = ratio(all.converted, all.converted + all.not);
  return tally ? drawnTo(rate, tally.converted, tally.converted + tally.not) : rate;
}

export const leadAgeDays = defineFeature({
  name: 'lead_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the lead was created.',
  label: { en: 'age of the lead', th: 'อายุของลีด' },
  idea: 'age',
  compute: (past) => daysSince(past, bornAt(past)),
});

export const leadStatus = defineFeature({
  name: 'lead_status',
  type: 'category',
  unit: 'none',
  says: 'The status of the lead.',
  label: { en: 'status', th: 'สถานะ' },
  idea: 'status',
  compute: (past) => word(past, 'status'),
});

export const leadStatusAgeDays = defineFeature({
  name: 'lead_status_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the lead took its status.',
  label: { en: 'days in the present status', th: 'จำนวนวันในสถานะปัจจุบัน' },
  idea: 'status',
  compute: (past) => daysSince(past, changesOf(past, 'status').at(-1)?.at),
});

export const leadStatusChangeCount = defineFeature({
  name: 'lead_status_change_count',
  type: 'number',
  unit: 'count',
  says: 'How often the status of the lead changed.',
  label: { en: 'changes of status', th: 'จำนวนครั้งที่เปลี่ยนสถานะ' },
  idea: 'status',
  compute: (past) => moves(past, 'status'),
});

export const leadCampaign = defineFeature({
  name: 'lead_campaign',
  type: 'category',
  unit: 'none',
  says: 'The campaign that brought the lead.',
  label: { en: 'campaign', th: 'แคมเปญ' },
  idea: 'campaigns',
  compute: (past) => past.last('lead')?.campaign ?? undefined,
});

export const leadCountry = defineFeature({
  name: 'lead_country',
  type: 'category',
  unit: 'none',
  says: "The lead's country.",
  label: { en: 'country', th: 'ประเทศ' },
  idea: 'place',
  compute: (past) => past.last('lead')?.country ?? undefined,
});

export const leadCampaignCount365d = defineFeature({
  name: 'lead_campaign_count_365d',
  type: 'number',
  unit: 'count',
  says: 'Different campaigns that wrote to the lead, or that it met, in the last 365 days.',
  label: { en: 'campaigns that reached the lead', th: 'จำนวนแคมเปญที่เข้าถึงลีด' },
  idea: 'campaigns',
  compute: (past) => {
    const met = [
      ...past.within('campaignSent', 365),
      ...past.within('campaignOpened', 365),
      ...past.within('campaignClicked', 365),
      ...past.within('campaignResponded', 365),
    ];
    return new Set(met.map(({ campaignId }) => campaignId)).size;
  },
});

const AGREED = /^(?:given|yes|true|1|opted?.?in|granted|subscribed|ยินยอม|อนุญาต)$/i;
const REFUSED = /^(?:none|no|false|0|opted?.?out|withdrawn|denied|unsubscribed|ไม่ยินยอม|ไม่อนุญาต|ถอน.*)$/i;

export const leadConsent = defineFeature({
  name: 'lead_consent',
  type: 'category',
  unit: 'none',
  says: 'Whether the lead lets us write to it: agreed, refused, or another word of the source.',
  label: { en: 'consent to be contacted', th: 'ความยินยอมให้ติดต่อ' },
  idea: 'consent',
  levels: ['agreed', 'refused', 'other'],
  compute: (past) => {
    const said = word(past, 'consent')?.trim();
    if (!said) return undefined;
    return AGREED.test(said) ? 'agreed' : REFUSED.test(said) ? 'refused' : 'other';
  },
});

/** When we first reached out after the lead came. */
const firstTouch = shared((past) => {
  const born = bornAt(past) ?? Number.POSITIVE_INFINITY;
  return past.all('activity').find((activity) => activity.direction === 'out' && activity.at >= born)?.at;
});

export const leadTouched = defineFeature({
  name: 'lead_touched',
  type: 'number',
  unit: 'none',
  says: 'Whether we have reached out to the lead: 1, else 0.',
  label: { en: 'whether we reached out', th: 'เราติดต่อกลับแล้วหรือไม่' },
  idea: 'response speed',
  compute: (past) => (firstTouch(past) === undefined ? 0 : 1),
});

export const leadTouchHours = defineFeature({
  name: 'lead_touch_hours',
  type: 'number',
  unit: 'none',
  says: 'Hours from the creation of the lead to our first reaching out; up to the look where we have not.',
  label: { en: 'hours until we reached out', th: 'ชั่วโมงก่อนติดต่อกลับครั้งแรก' },
  idea: 'response speed',
  compute: (past) => {
    const born = bornAt(past);
    return born === undefined ? Number.NaN : ((firstTouch(past) ?? past.asOf) - born) / 3_600_000;
  },
});

export const leadSourceConversion = defineFeature({
  name: 'lead_source_conversion_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Share converted of leads from the same source, drawn to the rate of all leads.',
  label: { en: 'usual outcome of this source', th: 'อัตราสำเร็จตามปกติของแหล่งนี้' },
  idea: 'lead source',
  compute: (past) => {
    const source = past.last('lead')?.source;
    return source ? conversion(past, past.norms.leads.source.get(source)) : Number.NaN;
  },
});

export const leadCampaignConversion = defineFeature({
  name: 'lead_campaign_conversion_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Share converted of leads of the same campaign, drawn to the rate of all leads.',
  label: { en: 'usual outcome of this campaign', th: 'อัตราสำเร็จตามปกติของแคมเปญนี้' },
  idea: 'campaigns',
  compute: (past) => {
    const campaign = past.last('lead')?.campaign;
    return campaign ? conversion(past, past.norms.leads.campaign.get(campaign)) : Number.NaN;
  },
});

export const leadOwnerConversion = defineFeature({
  name: 'lead_owner_conversion_ratio',
  type: 'number',
  unit: 'ratio',
  says: "Share converted of the owner's leads, drawn to the rate of all leads.",
  label: { en: "the owner's conversion rate", th: 'อัตราเปลี่ยนลีดสำเร็จของผู้รับผิดชอบ' },
  idea: 'owner',
  compute: (past) => {
    const owner = word(past, 'owner_id');
    return owner === undefined ? Number.NaN : conversion(past, past.norms.leads.owner.get(owner));
  },
});

/** Young open leads of the average owner who has any. */
const averageLoad = shared((leads: Past['norms']['leads']) => {
  const open = [...leads.owner.values()].map((tally) => tally.open).filter((n) => n > 0);
  return ratio(
    open.reduce((sum, n) => sum + n, 0),
    open.length,
  );
});

export const leadOwnerLoad = defineFeature({
  name: 'lead_owner_load_ratio',
  type: 'number',
  unit: 'ratio',
  says: "The owner's young open leads at the start of the week over those of the average owner.",
  label: { en: "the owner's open leads compared with others", th: 'ลีดที่ผู้รับผิดชอบถืออยู่เทียบกับคนอื่น' },
  idea: 'owner load',
  compute: (past) => {
    const owner = word(past, 'owner_id');
    const { leads } = past.norms;
    return owner === undefined ? Number.NaN : ratio(leads.owner.get(owner)?.open ?? 0, averageLoad(leads));
  },
});
