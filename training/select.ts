import { type HazardState, hazardModel } from '../models/hazardModel.ts';
import { nllOfProbabilities, type Placed } from '../models/hazards.ts';
import type { Company } from '../src/company.ts';
import type { Frame } from '../src/frame.ts';
import { averageState, type CandidateName } from './fitCandidates.ts';
import { pairedDifference } from './pairedDifference.ts';

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

/** A step up must be worth more than chance: 2 standard errors to claim any skill, 1 to prefer the richer of two. */
const SKILL_ERRORS = 2;
const RICHER_ERRORS = 1;

/**
 * Chooses what to serve on a block of rows that no candidate has seen, from the simplest up: the base rate stays unless
 * something beats it by two standard errors of the paired difference (rows of one account move together); the average
 * w network + (1 - w) ridge is taken only if it beats the best simple one by one.
 */
export function select(
  states: ReadonlyMap<CandidateName, HazardState>,
  company: Company,
  X: Frame,
  placed: Placed,
  groups: readonly string[],
): Selection {
  const p = new Map<string, Float64Array>();
  const loss = new Map<string, Float64Array>();
  const grid = hazardModel(states.get('baseRate')!, company.calendar).grid;
  for (const [name, state] of states) {
    const probabilities = hazardModel(state, company.calendar).predict(X);
    p.set(name, probabilities);
    loss.set(name, nllOfProbabilities(grid, probabilities, placed));
  }
  const reasons: string[] = [];
  const better = (a: string, b: string, errors: number): boolean => {
    const { mean, standardError } = pairedDifference(loss.get(b)!, loss.get(a)!, groups);
    const yes = mean > errors * standardError;
    reasons.push(
      `${a} ${yes ? 'beats' : 'does not beat'} ${b}: ${mean.toFixed(4)} +- ${standardError.toFixed(4)} (asked: ${errors} standard errors)`,
    );
    return yes;
  };

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
      }
    }
  }

  let chosen: Chosen = 'baseRate';
  if (loss.has('byAge') && better('byAge', 'baseRate', SKILL_ERRORS)) chosen = 'byAge';
  const additive = ['ridge', 'ridgePle']
    .filter((name) => loss.has(name))
    .sort((a, b) => average(loss.get(a)!) - average(loss.get(b)!))[0] as CandidateName | undefined;
  if (additive && better(additive, chosen, SKILL_ERRORS)) chosen = additive;
  if (w > 0 && better('average', chosen, chosen === additive ? RICHER_ERRORS : SKILL_ERRORS)) chosen = 'average';
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

const average = (values: Float64Array): number => values.reduce((s, v) => s + v, 0) / Math.max(values.length, 1);
