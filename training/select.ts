import { type HazardState, hazardModel } from '../models/hazardModel.ts';
import { type Hazards, incidenceAt, nllOfProbabilities, type Placed } from '../models/hazards.ts';
import type { Frame } from '../src/frame.ts';
import { averageState, type CandidateName } from './fitCandidates.ts';
import { pairedDifference } from './pairedDifference.ts';
import type { HazardTask } from './task.ts';

export type Chosen = CandidateName | 'average';

export interface Selection {
  readonly chosen: Chosen;
  /** Weight of the network in the average; 0 where a simple candidate was chosen, 1 for the network alone. */
  readonly w: number;
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
 * deals end but not how is thus served rates by age, and no reason is invented. From ridge to average one error is enough.
 */
export function select(
  states: ReadonlyMap<CandidateName, HazardState>,
  task: HazardTask,
  X: Frame,
  placed: Placed,
  groups: readonly string[],
): Selection {
  const p = new Map<string, Float64Array>();
  const loss = new Map<string, Float64Array>();
  const which = new Map<string, Float64Array>();
  const asked = questionOf(task);
  const grid = hazardModel(states.get('baseRate')!, task.calendar).grid;
  for (const [name, state] of states) {
    const probabilities = hazardModel(state, task.calendar).predict(X);
    p.set(name, probabilities);
    loss.set(name, nllOfProbabilities(grid, probabilities, placed));
    which.set(name, asked.loss(grid, probabilities, placed));
  }
  const reasons: string[] = [];
  const compare = (of: ReadonlyMap<string, Float64Array>, what: string, a: string, b: string, errors: number) => {
    const { mean, standardError } = pairedDifference(of.get(b)!, of.get(a)!, groups);
    const yes = mean > errors * standardError;
    reasons.push(
      `${a} ${yes ? 'beats' : 'does not beat'} ${b} on ${what}: ${mean.toFixed(4)} +- ${standardError.toFixed(4)} (asked: ${errors} standard errors)`,
    );
    return yes;
  };
  const better = (a: string, b: string, errors: number) => compare(loss, 'log loss', a, b, errors);
  const knowsWho = (a: string, b: string) =>
    better(a, b, SKILL_ERRORS) && compare(which, asked.says, a, b, SKILL_ERRORS);

  let w = 0;
  if (states.has('network') && states.has('ridgePle')) {
    let best = Number.POSITIVE_INFINITY;
    for (let tenth = 0; tenth <= 10; tenth++) {
      const mixed = mix(p.get('network')!, p.get('ridgePle')!, tenth / 10);
      const losses = nllOfProbabilities(grid, mixed, placed);
      const mean = average(losses);
      if (mean < best) {
        best = mean;
        w = tenth / 10;
        loss.set('average', losses);
        which.set('average', asked.loss(grid, mixed, placed));
      }
    }
  }

  let chosen: Chosen = 'baseRate';
  if (loss.has('byAge') && better('byAge', 'baseRate', SKILL_ERRORS)) chosen = 'byAge';
  const additive = ['ridge', 'ridgePle']
    .filter((name) => loss.has(name))
    .sort((a, b) => average(loss.get(a)!) - average(loss.get(b)!))[0] as CandidateName | undefined;
  if (additive && knowsWho(additive, chosen)) chosen = additive;
  if (w > 0 && (chosen === additive ? better('average', chosen, RICHER_ERRORS) : knowsWho('average', chosen)))
    chosen = 'average';
  const candidates = Object.fromEntries([...loss].map(([name, losses]) => [name, { logLoss: average(losses) }]));
  return { chosen, w: chosen === 'average' ? w : 0, lowSkill: chosen === 'baseRate', candidates, reasons };
}

/** The state to serve. */
export function chosenState(selection: Selection, states: ReadonlyMap<CandidateName, HazardState>): HazardState {
  if (selection.chosen !== 'average') return states.get(selection.chosen)!;
  return averageState(states.get('network')!, states.get('ridgePle')!, selection.w);
}

/** What the chosen one is made of. */
export function partsOf(selection: Selection): CandidateName[] {
  if (selection.chosen !== 'average') return [selection.chosen];
  return selection.w === 1 ? ['network'] : ['network', 'ridgePle'];
}

function mix(a: Float64Array, b: Float64Array, w: number): Float64Array {
  return a.map((v, i) => w * v + (1 - w) * b[i]!);
}

/** What the probability answers, and the loss of that answer by row (0 where the row cannot judge it). */
function questionOf({ withinDays, causes }: HazardTask) {
  if (withinDays === null) return { says: 'which way it ended', loss: whichLoss };
  return {
    says: `ending so within ${withinDays} days`,
    loss: (grid: Hazards, p: Float64Array, placed: Placed): Float64Array => {
      const F = new Float64Array(causes.length);
      const last = grid.edges.indexOf(withinDays) - 1;
      return Float64Array.from(placed.cause, (cause, row) => {
        const early = placed.bin[row]! <= last;
        // Censored inside the horizon: nobody knows. At its very end a row counts as having passed it.
        if (cause === 0 && early && !(placed.bin[row] === last && placed.fraction[row]! >= 1)) return 0;
        incidenceAt(grid, p, row, withinDays, F);
        const said = F.reduce((s, f, c) => (causes[c]!.positive ? s + f : s), 0);
        const came = cause > 0 && early && causes[cause - 1]!.positive;
        return -Math.log(Math.min(Math.max(came ? said : 1 - said, 1e-12), 1));
      });
    },
  };
}

/** -log P(cause | it ended in this bin) of rows that ended; 0 for the others. */
export function whichLoss(grid: Hazards, p: Float64Array, placed: Placed): Float64Array {
  const { causes } = grid;
  const bins = grid.edges.length - 1;
  return Float64Array.from(placed.cause, (cause, row) => {
    if (cause === 0) return 0;
    const cell = (row * bins + placed.bin[row]!) * (causes + 1);
    let ends = 0;
    for (let c = 1; c <= causes; c++) ends += p[cell + c]!;
    return -Math.log(Math.max(p[cell + cause]! / Math.max(ends, 1e-300), 1e-12));
  });
}

const average = (values: Float64Array): number => values.reduce((s, v) => s + v, 0) / Math.max(values.length, 1);
