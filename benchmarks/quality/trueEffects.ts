import { ACCOUNTS, HAZARD } from '../../datasets/synthetic/constants.ts';
import type { DealPath } from '../../datasets/synthetic/latent.ts';
import { base, type State, type Traits } from '../../datasets/synthetic/mechanism.ts';
import { economiesFrom } from '../../datasets/synthetic/truth.ts';
import { openAt, type Simulation, stateAt, trueLaw } from '../../datasets/synthetic.ts';
import { pearson } from '../../src/stats/correlation.ts';

/** What the simulator's hazards of a deal depend on. */
export type Input =
  | 'stage'
  | 'weeksInStage'
  | 'expectedDate'
  | 'engagement'
  | 'price'
  | 'skill'
  | 'accountFit'
  | 'industry'
  | 'companySize'
  | 'sourceFit'
  | 'size'
  | 'quarterEnd'
  | 'season';

/**
 * Which inputs stand behind a business idea of the features: those from which the simulator makes what the features
 * measure. A discount is given more where the case is weak, so that behind it stand both ("price"); a stage is left the
 * sooner the more engaged they are, so that behind its pace stands engagement too. An idea that is not here
 * measures nothing that the hazards depend on (a deal's age, an owner's load, quotes): no sign of it is the true one.
 */
export const INPUTS: Readonly<Record<string, readonly Input[]>> = {
  stage: ['stage'],
  'forecast category': ['stage', 'engagement'],
  'stage pace': ['engagement', 'weeksInStage'],
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
  // The first is of leads; the second is the company's own column of deals.
  ...of('sourceFit', ['lead source', 'deal source']),
  industry: ['industry'],
  'account size': ['companySize'],
  'account history': ['accountFit'],
  'similar deals': ['industry', 'size'],
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

/** What a deal's inputs truly do to it, in log odds of being won at all. */
export interface TrueEffect {
  /** Logit of its true chance, minus the mean of what it would be with each reference's inputs in place of its own. */
  readonly own: number;
  /** Sign of what more of the first input does to this deal, over the references; 0 where more means nothing. */
  readonly ofMore: number;
}

/** The true effect of inputs on a deal. The same chances are drawn on both sides. Cost: one true law a reference. */
export function trueEffect(
  sim: Simulation,
  deal: DealPath,
  week: number,
  inputs: readonly Input[],
  usual: readonly Reference[],
  ask: { readonly paths: number; readonly economies?: readonly Float64Array[] },
): TrueEffect {
  const economies = ask.economies ?? economiesFrom(sim, week, ask.paths);
  const chance = (world: Simulation, instead: Partial<State>) =>
    logit(trueLaw(world, deal.index, week, ask.paths, economies, instead)!.wonEver);
  const own = chance(sim, {});
  // What the calendar does is the same for all: its usual is its mean.
  const calendar = inputs.filter((input) => input === 'quarterEnd' || input === 'season');
  if (calendar.length === inputs.length)
    return { own: own - chance({ ...sim, clock: evened(sim.clock, calendar) }, {}), ofMore: 0 };
  const others = usual.map((other) => {
    const { state, traits } = exchanged(sim, deal, week, other, inputs);
    const paths: DealPath[] = [];
    paths[deal.index] = { ...deal, traits };
    return chance({ ...sim, paths }, state);
  });
  const amounts = usual.map((other) => amountOf(sim, other.deal, other.week, inputs[0]!));
  const ofMore = amounts.some(Number.isNaN) ? 0 : Math.sign(pearson(amounts, others) || 0);
  return { own: own - others.reduce((sum, v) => sum + v, 0) / others.length, ofMore };
}

/** How much a deal has of an input; NaN where that is no matter of more or less. */
export function amountOf(sim: Simulation, deal: DealPath, week: number, input: Input): number {
  const state = stateAt(deal, week)!;
  const { traits } = deal;
  switch (input) {
    case 'stage':
      return state.stage;
    case 'weeksInStage':
      return state.inStage;
    case 'engagement':
      return state.engagement;
    case 'price':
      return state.discount;
    case 'skill':
      return skillIn(traits, week);
    case 'accountFit':
      return deal.account.fit;
    case 'industry':
      return industryFit(sim, deal);
    case 'companySize':
      return deal.account.size;
    case 'sourceFit':
      return sourceFit(deal);
    case 'size':
      return deal.scale;
    default:
      return Number.NaN;
  }
}

/** A deal's own state and traits with some inputs of another deal in another week. */
export function exchanged(
  sim: Simulation,
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
      lasting.skill = lasting.nextSkill = skillIn(traits, other.week);
    } else if (input === 'accountFit') lasting.fit += other.deal.account.fit - deal.account.fit;
    else if (input === 'industry') lasting.fit += industryFit(sim, other.deal) - industryFit(sim, deal);
    else if (input === 'companySize')
      lasting.fit += ACCOUNTS.fitPerSize * (other.deal.account.size - deal.account.size);
    else if (input === 'sourceFit') lasting.fit += sourceFit(other.deal) - sourceFit(deal);
    else if (input === 'size') lasting.linger -= HAZARD.linger.perScale * (other.deal.scale - deal.scale);
  }
  lasting.wonBase = base('won', lasting);
  lasting.lostBase = base('lost', lasting);
  return { state, traits: lasting };
}

const skillIn = (traits: Traits, week: number): number => (week >= traits.nextFrom ? traits.nextSkill : traits.skill);

/** Fit of each account's industry; kept by the tables, which no change of a world copies. */
const industries = new WeakMap<Simulation['tables'], ReadonlyMap<string, number>>();
function industryFit(sim: Simulation, deal: DealPath): number {
  let known = industries.get(sim.tables);
  if (!known) {
    const fits = new Map<string, number>(ACCOUNTS.industries.map(([name, fit]) => [name, fit]));
    known = new Map(sim.tables.account.map(({ id, industry }) => [id, fits.get(industry ?? '') ?? 0]));
    industries.set(sim.tables, known);
  }
  return known.get(deal.account.id) ?? 0;
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
