import type { Norms } from '../src/norms.ts';
import { defineFeature } from './feature.ts';
import { daysSince, inFirstYear, ratio, shared, shrunkRate, word } from './shared.ts';

/** The rep who has the deal: what became of their deals, how many they have open, how long they are here. */

export const ownerWinRatio = defineFeature({
  name: 'owner_win_ratio',
  type: 'number',
  unit: 'ratio',
  says: "Share won of the owner's closed deals, drawn to the rate of all deals.",
  label: { en: "the owner's win rate", th: 'อัตราปิดได้ของผู้รับผิดชอบ' },
  idea: 'owner',
  compute: (past) => {
    const owner = word(past, 'owner_id');
    if (owner === undefined) return Number.NaN;
    const tally = past.norms.owner.get(owner) ?? { won: 0, lost: 0 };
    return shrunkRate(tally.won, tally.lost, past.norms.all);
  },
});

/** Open deals of the average owner who has any. */
const averageLoad = shared((norms: Norms) => {
  let owners = 0;
  let open = 0;
  for (const tally of norms.owner.values()) {
    if (tally.open > 0) owners++;
    open += tally.open;
  }
  return ratio(open, owners);
});

export const ownerLoadRatio = defineFeature({
  name: 'owner_load_ratio',
  type: 'number',
  unit: 'ratio',
  says: "The owner's open deals at the start of the week over those of the average owner; a count would tell the date.",
  label: { en: "the owner's open deals compared with others", th: 'ดีลที่ผู้รับผิดชอบถืออยู่เทียบกับคนอื่น' },
  idea: 'owner load',
  compute: (past) => {
    const owner = word(past, 'owner_id');
    return owner === undefined ? Number.NaN : (past.norms.owner.get(owner)?.open ?? 0) / averageLoad(past.norms);
  },
});

export const ownerAgeDays = defineFeature({
  name: 'owner_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the owner began here, up to a year; missing in the first year of records.',
  label: { en: "the owner's time with us", th: 'อายุงานของผู้รับผิดชอบ' },
  idea: 'owner experience',
  compute: (past) => (inFirstYear(past) ? Number.NaN : Math.min(daysSince(past, past.owner?.last('user')?.at), 365)),
});
