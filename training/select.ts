import { type HazardState, hazardModel } from '../models/hazardModel.ts';
import { nllOfProbabilities } from '../models/hazards.ts';
import type { Frame } from '../src/frame.ts';
import { pairedDifference } from '../src/stats/pairedDifference.ts';
import type { Unseen } from './crossFit.ts';
import { averageState, type CandidateName, halvedOf, type Ridge } from './fitCandidates.ts';
import { type Judges, questionOf } from './question.ts';
import type { HazardTask } from './task.ts';

export type Chosen = CandidateName | 'average';

/** Of the ridges those that share the network's encoder. */
export type Partner = 'ridgePle' | 'ridgePleHalved';

export interface Selection {
  readonly chosen: Chosen;
  /** Weight of the network in the average; 0 where a simple candidate was chosen, 1 for the network alone. */
  readonly w: number;
  /** The ridge that the network is averaged with. */
  readonly partner: Partner;
  readonly lowSkill: boolean;
  /** Mean log loss on the selection block by candidate, and the differences that decided. */
  readonly candidates: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly reasons: readonly string[];
}

/** A step up must be worth more than chance: 1.64 standard errors (95 %, one-sided) to claim any skill, 1 to prefer the richer of two. */
const SKILL_ERRORS = 1.64;
const RICHER_ERRORS = 1;

/**
 * Chooses what to serve on a block of rows that no candidate has seen, from the simplest up: base rate, base rate by age,
 * the better of two ridges, the average w network + (1 - w) ridge. A step beyond age claims to know who wins, so it must
 * be earned twice, each beyond chance by the paired difference (rows of one account move together): on the whole
 * log loss, and on the question that the probability answers: *which* way it ended, given when, or, where the question
 * has a horizon, whether it ended positively within it. A company whose records tell when
 * deals end but not how is thus served rates by age, and no reason is invented. What was learned of who ends how may be too sure of
 * those who come later, and then hides that it was learned at all: half of a ridge's effects must show the skill, being the steadier, and are served
 * instead of the whole ones where they tell better what the probability is asked, whatever they say of when; the network is then averaged with such a half as well. From ridge to average one error of the whole
 * is enough, and no loss on that question.
 *
 * Of most companies the newest block holds some hundred deals, or a thousand or two, too few to tell a real skill from chance. `older` rows then
 * judge too, each by candidates that had not seen it: the difference over both blocks is what must be beyond chance, and
 * the newest must at least point the same way.
 */
export function select(
  states: ReadonlyMap<CandidateName, HazardState>,
  task: HazardTask,
  X: Frame,
  judges: Judges,
  older?: Unseen,
): Selection {
  const { placed, groups } = judges;
  const p = new Map<string, Float64Array>();
  const newest: Losses = { whole: new Map(), which: new Map() };
  const before: Losses = { whole: new Map(), which: new Map() };
  const asked = questionOf(task);
  const grid = hazardModel(states.get('baseRate')!, task.calendar).grid;
  const lossesOf = (to: Losses, name: string, said: Float64Array, of: Judges) => {
    to.whole.set(name, nllOfProbabilities(grid, said, of.placed));
    to.which.set(name, asked.loss(grid, said, of));
  };
  for (const [name, state] of states) {
    const said = hazardModel(state, task.calendar).predict(X);
    p.set(name, said);
    lossesOf(newest, name, said, judges);
  }
  for (const [name, said] of older?.said ?? []) lossesOf(before, name, said, older!);

  const reasons: string[] = [];
  const compare = (of: keyof Losses, a: string, b: string, errors: number) => {
    const now = pairedDifference(newest[of].get(b)!, newest[of].get(a)!, groups);
    const then = before[of].has(a) && before[of].has(b);
    const all = then
      ? pairedDifference(join(newest[of].get(b)!, before[of].get(b)!), join(newest[of].get(a)!, before[of].get(a)!), [
          ...groups,
          ...older!.groups,
        ])
      : now;
    const yes = all.mean > errors * all.standardError && now.mean > 0;
    const what = of === 'whole' ? 'log loss' : asked.says;
    const newestSays = then ? `; on the newest ${now.mean.toFixed(4)}` : '';
    reasons.push(
      `${a} ${yes ? 'beats' : 'does not beat'} ${b} on ${what}: ${all.mean.toFixed(4)} +- ${all.standardError.toFixed(4)} (asked: ${errors} standard errors${newestSays})`,
    );
    return yes;
  };
  const better = (a: string, b: string, errors: number) => compare('whole', a, b, errors);
  const knowsWho = (a: string, b: string) => better(a, b, SKILL_ERRORS) && compare('which', a, b, SKILL_ERRORS);

  let chosen: Chosen = 'baseRate';
  if (states.has('byAge') && better('byAge', 'baseRate', SKILL_ERRORS)) chosen = 'byAge';
  const overall = (name: string) => average(join(newest.whole.get(name)!, before.whole.get(name) ?? NONE));
  const ridge = ADDITIVE.filter((name) => states.has(name)).sort((a, b) => overall(a) - overall(b))[0];
  const halved = ridge && states.has(halvedOf(ridge)) ? halvedOf(ridge) : undefined;
  let additive: CandidateName | undefined = ridge;
  if (ridge && knowsWho(halved ?? ridge, chosen)) {
    if (halved && compare('which', halved, ridge, RICHER_ERRORS)) additive = halved;
    chosen = additive!;
  }

  let w = 0;
  const partner = additive !== undefined && additive === halved && states.has('ridgePleHalved') ? 'ridgePleHalved' : 'ridgePle'; // biome-ignore format: one choice
  if (states.has('network') && states.has(partner)) {
    // Whoever tells better when it ends must not tell worse which way, or the probability gets worse for the sake of the date.
    const most = average(newest.which.get(chosen)!);
    let best = average(newest.whole.get(partner)!); // what no network at all would say
    for (let tenth = 1; tenth <= 10; tenth++) {
      const mixed = mix(p.get('network')!, p.get(partner)!, tenth / 10);
      const losses = nllOfProbabilities(grid, mixed, placed);
      const which = asked.loss(grid, mixed, judges);
      const mean = average(losses);
      if (mean < best && average(which) <= most) {
        best = mean;
        w = tenth / 10;
        newest.whole.set('average', losses);
        newest.which.set('average', which);
      }
    }
  }
  if (w > 0 && (chosen === additive ? better('average', chosen, RICHER_ERRORS) : knowsWho('average', chosen)))
    chosen = 'average';
  const candidates = Object.fromEntries(
    [...newest.whole].map(([name, losses]) => [name, { logLoss: average(losses) }]),
  );
  return { chosen, w: chosen === 'average' ? w : 0, partner, lowSkill: chosen === 'baseRate', candidates, reasons };
}

/** By candidate and row: of all that was seen, and of the question that the probability answers. */
interface Losses {
  readonly whole: Map<string, Float64Array>;
  readonly which: Map<string, Float64Array>;
}

const ADDITIVE: readonly Ridge[] = ['ridge', 'ridgePle'];
const NONE = new Float64Array(0);
const join = (a: Float64Array, b: Float64Array) => Float64Array.from([...a, ...b]);

/** The state to serve. */
export function chosenState(selection: Selection, states: ReadonlyMap<CandidateName, HazardState>): HazardState {
  if (selection.chosen !== 'average') return states.get(selection.chosen)!;
  return averageState(states.get('network')!, states.get(selection.partner)!, selection.w);
}

/** What the chosen one is made of. */
export function partsOf(selection: Selection): CandidateName[] {
  if (selection.chosen !== 'average') return [selection.chosen];
  return selection.w === 1 ? ['network'] : ['network', selection.partner];
}

function mix(a: Float64Array, b: Float64Array, w: number): Float64Array {
  return a.map((v, i) => w * v + (1 - w) * b[i]!);
}

const average = (values: Float64Array): number => values.reduce((s, v) => s + v, 0) / Math.max(values.length, 1);
