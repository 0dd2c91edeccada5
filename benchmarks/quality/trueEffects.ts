import { HAZARD } from '../../datasets/synthetic/constants.ts';
import type { DealPath } from '../../datasets/synthetic/latent.ts';
import { base, type State, type Traits } from '../../datasets/synthetic/mechanism.ts';
import { economiesFrom } from '../../datasets/synthetic/truth.ts';
import { openAt, type Simulation, stateAt, trueLaw } from '../../datasets/synthetic.ts';

/** What the simulator's hazards of a deal depend on. */
export type Input =
  | 'stage'
  | 'weeksInStage'
  | 'expectedDate'
  | 'engagement'
  | 'price'
  | 'skill'
  | 'accountFit'
  | 'sourceFit'
  | 'size'
  | 'quarterEnd'
  | 'season';

/**
 * Which inputs stand behind a business idea of the features: those from which the simulator makes what the features
 * measure. A discount is given more where the case is weak, so that behind it stand both ("price"). An idea that is not
 * here measures nothing that the hazards depend on (a deal's age, an owner's load, quotes): no sign of it is the true one.
 */
export const INPUTS: Readonly<Record<string, readonly Input[]>> = {
  stage: ['stage'],
  'forecast category': ['stage', 'engagement'],
  'stage pace': ['weeksInStage'],
  'expected close date': ['expectedDate'],
  ...of('engagement', [
    'activity',
    'activity trend',
    'account activity',
    'last contact',
    'last inbound',
    'last outbound',
    'last result',
    'calls',
    'calls answered',
    'chat',
    'email',
    'inbound',
    'outbound',
    'reciprocity',
    'contacts',
    'meetings',
    'missed meetings',
    'booked meetings',
    'their replies',
    'tone',
    'worst tone',
    'tone trend',
    'mentions of competitor',
    'mentions of delay',
  ]),
  'mentions of contract': ['stage', 'engagement'],
  'mentions of legal': ['stage', 'engagement'],
  'mentions of technical': ['stage', 'engagement'],
  'mentions of price': ['stage', 'engagement'],
  ...of('price', ['discount', 'price', 'margin']),
  ...of('size', ['amount', 'quote size']),
  owner: ['skill'],
  'lead source': ['sourceFit'],
  ...of('accountFit', ['industry', 'account size', 'account history']),
  'similar deals': ['accountFit', 'size'],
  'quarter end': ['quarterEnd'],
  season: ['season'],
};

function of(input: Input, ideas: readonly string[]): Record<string, readonly Input[]> {
  return Object.fromEntries(ideas.map((idea) => [idea, [input]]));
}

/** A deal in a week, as what the usual one is compared with. */
export interface Reference {
  readonly deal: DealPath;
  readonly week: number;
}

/** Open deals of the weeks before `week`, spread evenly: whom "usual" is made of. */
export function references(sim: Simulation, before: number, count: number): Reference[] {
  const all: Reference[] = [];
  for (let week = Math.max(2, before - 78); week < before; week += 4)
    for (const deal of openAt(sim, week)) all.push({ deal, week });
  return Array.from(
    { length: Math.min(count, all.length) },
    (_, i) => all[Math.floor(((i + 0.5) * all.length) / count)]!,
  );
}

/**
 * The true effect of inputs on a deal, in log odds of being won at all: logit of its true chance, minus the mean logit of
 * what that chance would be with each reference's inputs in place of its own. The same chances are drawn on both sides.
 * Cost: one true law a reference.
 */
export function trueEffect(
  sim: Simulation,
  deal: DealPath,
  week: number,
  inputs: readonly Input[],
  usual: readonly Reference[],
  ask: { readonly paths: number; readonly economies?: readonly Float64Array[] },
): number {
  const economies = ask.economies ?? economiesFrom(sim, week, ask.paths);
  const chance = (world: Simulation, instead: Partial<State>) =>
    logit(trueLaw(world, deal.index, week, ask.paths, economies, instead)!.wonEver);
  // What the calendar does is the same for all: its usual is its mean.
  const calendar = inputs.filter((input) => input === 'quarterEnd' || input === 'season');
  const own = chance(sim, {});
  if (calendar.length === inputs.length) return own - chance({ ...sim, clock: evened(sim.clock, calendar) }, {});
  const others = usual.map((other) => {
    const { state, traits } = exchanged(deal, week, other, inputs);
    const paths: DealPath[] = [];
    paths[deal.index] = { ...deal, traits };
    return chance({ ...sim, paths }, state);
  });
  return own - others.reduce((sum, v) => sum + v, 0) / others.length;
}

/** A deal's own state and traits with some inputs of another deal in another week. */
export function exchanged(
  deal: DealPath,
  week: number,
  other: Reference,
  inputs: readonly Input[],
): { readonly state: State; readonly traits: Traits } {
  const state = { ...stateAt(deal, week)! };
  const theirs = stateAt(other.deal, other.week)!;
  const lasting: { -readonly [K in keyof Traits]: Traits[K] } = { ...deal.traits };
  const { traits } = other.deal;
  for (const input of inputs) {
    if (input === 'stage') state.stage = theirs.stage;
    else if (input === 'weeksInStage') state.inStage = theirs.inStage;
    else if (input === 'expectedDate') state.expectedDay = theirs.expectedDay + 7 * (week - other.week);
    else if (input === 'engagement') {
      state.engagement = theirs.engagement;
      lasting.mean = traits.mean;
    } else if (input === 'price') {
      state.discount = theirs.discount;
      lasting.weakness = traits.weakness;
      lasting.habit = traits.habit;
    } else if (input === 'skill') {
      lasting.skill = lasting.nextSkill = other.week >= traits.nextFrom ? traits.nextSkill : traits.skill;
    } else if (input === 'accountFit') lasting.fit += other.deal.account.fit - deal.account.fit;
    else if (input === 'sourceFit') lasting.fit += sourceFit(other.deal) - sourceFit(deal);
    else if (input === 'size') lasting.linger -= HAZARD.linger.perScale * (other.deal.scale - deal.scale);
  }
  lasting.wonBase = base('won', lasting);
  lasting.lostBase = base('lost', lasting);
  return { state, traits: lasting };
}

const sourceFit = (deal: DealPath): number => deal.traits.fit - deal.account.fit;

function evened(clock: Simulation['clock'], inputs: readonly Input[]): Simulation['clock'] {
  const mean = (values: Float64Array) => values.map(() => values.reduce((s, v) => s + v, 0) / values.length);
  return {
    ...clock,
    quarterEnd: inputs.includes('quarterEnd') ? mean(clock.quarterEnd) : clock.quarterEnd,
    season: inputs.includes('season') ? mean(clock.season) : clock.season,
  };
}

const logit = (p: number): number => {
  const held = Math.min(1 - 1e-9, Math.max(1e-9, p));
  return Math.log(held / (1 - held));
};
