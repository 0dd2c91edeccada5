import { type Prior, shrunkRateAlong, type Tally, WEAK_PRIOR } from '../src/stats/shrunkRate.ts';
import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { shared, word } from './shared.ts';

/** What became of few deals or leads: whose record it is, and that of the company beside it. */
export interface OwnRecord {
  /** The owner's share of success, drawn to the team's, the company's and the prior; the outcomes it stands on. */
  readonly own: Prior;
  readonly company: Prior;
}

const NONE = { won: 0, lost: 0, converted: 0, not: 0 };
const ofDeals = ({ won, lost }: { readonly won: number; readonly lost: number }): Tally => ({ won, n: won + lost });
const ofLeads = ({ converted, not }: { readonly converted: number; readonly not: number }): Tally => ({
  won: converted,
  n: converted + not,
});

/** Widest group first. Who has no team or no owner is as the next wider group. */
function chainOf(past: Past): readonly [Tally, ...Tally[]] {
  const owner = word(past, 'owner_id');
  if (past.of === 'lead') {
    const { all, owner: owners } = past.norms.leads;
    return [ofLeads(all), ...(owner === undefined ? [] : [ofLeads(owners.get(owner) ?? NONE)])];
  }
  const team = past.owner?.value('team_id');
  return [
    ofDeals(past.norms.all),
    ...(typeof team === 'string' ? [ofDeals(past.norms.team.get(team) ?? NONE)] : []),
    ...(owner === undefined ? [] : [ofDeals(past.norms.owner.get(owner) ?? NONE)]),
  ];
}

/** The record behind a deal or a lead, from endings known at the start of the week. */
export const recordOf = shared((past): OwnRecord => {
  const { prior } = past.company.settings;
  const start = (past.of === 'lead' ? prior.lead : prior.deal) ?? WEAK_PRIOR;
  const chain = chainOf(past);
  return { own: shrunkRateAlong(chain, start), company: shrunkRateAlong(chain.slice(0, 1), start) };
});

/** Models whose question is what these records tell. */
const ANSWERED = new Set(['deal', 'lead']);
export const hasRecord = (model: string): boolean => ANSWERED.has(model);

/**
 * Beside the features of a model that has few outcomes to learn from: what moves its hazards (`models/scorer.ts`). Never
 * learned from, and so in no set.
 */
export const recordFeatures = [
  defineFeature({
    name: 'owner_record',
    type: 'number',
    unit: 'ratio',
    says: "Share of success of the owner, drawn to the team's, the company's and what is believed before any.",
    label: { en: "the owner's record", th: 'ผลงานที่ผ่านมาของผู้รับผิดชอบ' },
    idea: 'owner',
    compute: (past) => recordOf(past).own.rate,
  }),
  defineFeature({
    name: 'company_record',
    type: 'number',
    unit: 'ratio',
    says: "The company's share of success, drawn to what is believed before any.",
    label: { en: "the company's record", th: 'ผลงานที่ผ่านมาของบริษัท' },
    idea: 'company',
    compute: (past) => recordOf(past).company.rate,
  }),
];
