import type { Random } from '../../src/random.ts';
import { DAY, type Instant } from '../../src/time.ts';
import type { Account } from './accounts.ts';
import { type Clock, workingTime } from './clock.ts';
import { ACCOUNTS, ENGAGEMENT, HAZARD, type Scenario } from './constants.ts';
import { pad, weighted } from './draws.ts';
import { base, firstState, type Hazards, hazards, move, moveEngagement, type State, type Traits } from './mechanism.ts';
import type { Rep } from './people.ts';

/** A deal as it truly went, week by week. */
export interface DealPath {
  readonly id: string;
  readonly index: number;
  readonly account: Account;
  /** Index of the first owner. */
  readonly rep: number;
  readonly source: string;
  /** Week of creation; hazards count from the next one. */
  readonly week: number;
  readonly createdAt: Instant;
  readonly traits: Traits;
  /** Log size of the deal, standard normal. */
  readonly scale: number;
  /** `states[k]`: at the start of week `week + 1 + k`, the last one where it closed or the records end. */
  readonly states: readonly Readonly<State>[];
  /** `engagement[k]`: in week `week + k`. */
  readonly engagement: readonly number[];
  /** `won[k]`, `lost[k]`: hazards of week `week + 1 + k`. */
  readonly won: readonly number[];
  readonly lost: readonly number[];
  readonly outcome: 'won' | 'lost' | null;
  readonly closedAt: Instant | null;
}

/** One deal's latent path from creation to its close or the end of the records. */
export function live(
  index: number,
  week: number,
  account: Account,
  reps: readonly Rep[],
  clock: Clock,
  economy: Float64Array,
  scenario: Scenario,
  draw: Random,
): DealPath {
  const rep = ownerFor(account, reps, week, draw);
  const owner = reps[rep]!;
  const createdAt = laterInWeek(clock, week, draw);
  const [source, sourceFit] =
    ACCOUNTS.sources[
      weighted(
        ACCOUNTS.sources.map((x) => x[2]),
        draw,
      )
    ]!;
  const scale = draw.normal();
  const mean = ENGAGEMENT.meanSd * draw.normal();
  const lasting = {
    fit: account.fit + sourceFit,
    weakness: draw.normal(),
    linger: HAZARD.linger.sd * draw.normal() - HAZARD.linger.perScale * scale,
  };
  const traits: Traits = {
    mean,
    ...lasting,
    wonBase: base('won', lasting),
    lostBase: base('lost', lasting),
    skill: owner.skill,
    nextSkill: reps[owner.successor]!.skill,
    nextFrom: owner.leaves,
    habit: owner.habit,
  };
  const path = draw.fork('path');
  const chance = draw.fork('outcome');
  const state = firstState(traits, clock, week, path);
  const out: Hazards = { won: 0, lost: 0 };
  const deal = { states: [] as State[], engagement: [state.engagement], won: [] as number[], lost: [] as number[] };
  let outcome: 'won' | 'lost' | null = null;
  let closedAt: Instant | null = null;
  for (let w = week + 1; w < clock.weeks; w++) {
    deal.states.push({ ...state });
    moveEngagement(state, traits, path.normal());
    deal.engagement.push(state.engagement);
    hazards(state, traits, clock, w, economy[w]!, scenario, out);
    deal.won.push(out.won);
    deal.lost.push(out.lost);
    const u = chance.uniform();
    if (u < out.won + out.lost) {
      outcome = u < out.won ? 'won' : 'lost';
      closedAt = workingTime(clock, w, chance);
      break;
    }
    move(state, traits, clock, w, path);
  }
  if (outcome === null) deal.states.push({ ...state });
  return {
    id: `D${pad(index + 1, 5)}`,
    index,
    account,
    rep,
    source,
    week,
    createdAt,
    traits,
    scale,
    ...deal,
    outcome,
    closedAt,
  };
}

/** The account's usual seller, at times another; never one who has left. */
function ownerFor(account: Account, reps: readonly Rep[], week: number, draw: Random): number {
  const rep = draw.uniform() < 0.7 ? account.rep : draw.below(reps.length);
  return reps[rep]!.leaves <= week ? reps[rep]!.successor : rep;
}

/** A working moment after Monday 08:30, by when the account exists. */
function laterInWeek(clock: Clock, week: number, draw: Random): Instant {
  return Math.max(workingTime(clock, week, draw), clock.at(week) + DAY / 3 + 3_600_000);
}
