import type { Norms } from '../src/norms.ts';
import { defineFeature } from './feature.ts';
import { changesOf, daysSince, drawnTo, inFirstYear, moves, ratio, shared, shrunkRate, word } from './shared.ts';

/** The rep who has the deal, lead or account: what became of their deals, how many they have open, how long they are here. */

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

export const ownerWinRatio90d = defineFeature({
  name: 'owner_win_ratio_90d',
  type: 'number',
  unit: 'ratio',
  says: "Share won of the owner's deals closed in the last 90 days, drawn to the owner's own rate of all time.",
  label: { en: "the owner's recent win rate", th: 'อัตราปิดได้ช่วงหลังของผู้รับผิดชอบ' },
  idea: 'owner',
  compute: (past) => {
    const owner = word(past, 'owner_id');
    if (owner === undefined) return Number.NaN;
    const recent = past.norms.owner90d.get(owner) ?? { won: 0, lost: 0 };
    return drawnTo(ownerWinRatio.compute(past), recent.won, recent.won + recent.lost);
  },
});

export const ownerRole = defineFeature({
  name: 'owner_role',
  type: 'category',
  unit: 'none',
  says: "The owner's role.",
  label: { en: "the owner's role", th: 'ตำแหน่งของผู้รับผิดชอบ' },
  idea: 'owner experience',
  compute: (past) => past.owner?.last('user')?.role ?? undefined,
});

export const teamWinRatio = defineFeature({
  name: 'team_win_ratio',
  type: 'number',
  unit: 'ratio',
  says: "Share won of the closed deals of the owner's team as it is now, drawn to the rate of all deals.",
  label: { en: "the team's win rate", th: 'อัตราปิดได้ของทีม' },
  idea: 'team',
  compute: (past) => {
    const team = past.owner?.value('team_id');
    if (typeof team !== 'string') return Number.NaN;
    const tally = past.norms.team.get(team) ?? { won: 0, lost: 0 };
    return shrunkRate(tally.won, tally.lost, past.norms.all);
  },
});

export const ownerChangeCount = defineFeature({
  name: 'owner_change_count',
  type: 'number',
  unit: 'count',
  says: 'How often it was handed to another owner.',
  label: { en: 'changes of owner', th: 'จำนวนครั้งที่เปลี่ยนผู้รับผิดชอบ' },
  idea: 'owner change',
  compute: (past) => moves(past, 'owner_id'),
});

export const ownerHeldDays = defineFeature({
  name: 'owner_held_days',
  type: 'number',
  unit: 'days',
  says: 'Days since it was handed to its owner, up to a year; missing where it always had the same.',
  label: { en: 'days with the present owner', th: 'จำนวนวันกับผู้รับผิดชอบปัจจุบัน' },
  idea: 'owner change',
  compute: (past) => {
    const owners = changesOf(past, 'owner_id');
    return owners.length > 1 ? Math.min(daysSince(past, owners.at(-1)!.at), 365) : Number.NaN;
  },
});
