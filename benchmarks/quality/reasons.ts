import { explain, ideasOf } from '../../api/reasons.ts';
import { economiesFrom } from '../../datasets/synthetic/truth.ts';
import { openAt, simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { featuresOf } from '../../features/hash.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { scorerOf } from '../../models/scorer.ts';
import { rowsOf, takeRows } from '../../src/frame.ts';
import { type Random, random } from '../../src/random.ts';
import { pearson } from '../../src/stats/correlation.ts';
import { pairedDifference } from '../../src/stats/pairedDifference.ts';
import { fitCandidates } from '../../training/fitCandidates.ts';
import { causesOf } from '../../training/labels.ts';
import { profiles } from '../../training/profiles.ts';
import { taskOf } from '../../training/task.ts';
import { trainModel } from '../../training/train.ts';
import { type Deletion, moves, ridgeParts } from './deletion.ts';
import { forwardWorld } from './forwardWorld.ts';
import type { Bar, QualityCase } from './quality.ts';
import { amountOf, INPUTS, type Input, references, trueEffect } from './trueEffects.ts';

const ACCEPTANCE = 1000;
const FULL = { deals: 4_000, rows: 400, paths: 64, usual: 12 };
const SMALL = { deals: 1_000, rows: 100, paths: 32, usual: 6 };
const TOP = 3;
/** Given on each side by the routes. */
const LIMIT = 5;
/** A true effect smaller than a reason is ever shown at. */
const NONE = 0.05;

/** A reason as served beside the truth. */
export interface Held {
  readonly idea: string;
  readonly contribution: number;
  /** True effect of what stands behind the idea; NaN where nothing does. */
  readonly effect: number;
  /** Sign of the true effect of what the feature tells: more or less of it than usual; NaN where it tells no amount. */
  readonly told: number;
}

/**
 * Whether reasons are true. On a simulated company each of the three weightiest reasons of a served score is held against
 * the simulator's own mechanism: what stands behind the idea (`trueEffects.ts`) is exchanged for that of other open deals,
 * and the change of the deal's true chance of being won must have the reason's sign. Ideas behind which nothing stands
 * cannot be judged; their share is said. Then the three are deleted (set to what is usual), beside three ideas at random
 * and the three that a plain ridge puts first: feature for feature (the one that each reason names), and idea for idea.
 */
export const reasons: QualityCase = {
  name: 'reasons',
  says: 'the weightiest reasons of a score beside the true effects, and what deleting them does',
  run: async ({ small, seed, say }) => {
    const size = small ? SMALL : FULL;
    const first = seed === 1 ? ACCEPTANCE : seed;
    const sim = simulate({ deals: size.deals, seed: first, scenario: 'calm' });
    const source = simulatedSource(sim);
    const { subject, train, test, cut } = forwardWorld(sim, source, 'deal', 1);
    const profile = profiles[small ? 'fast' : 'default'];
    const trained = await trainModel(source, subject, { until: cut, profile, seed: 1 });
    say(`trained: ${trained.header.chosen}`);
    const scorer = scorerOf(loadArtifact(trained.bytes), source.company);
    const ideaOf = new Map(featuresOf('deal', source.company).map(({ name, idea }) => [name, idea]));
    const words = (name: string) => ({
      label: { en: name, th: name },
      unit: 'none' as const,
      idea: ideaOf.get(name) ?? name.replaceAll('_', ' '),
    });
    const count = Math.min(size.rows, rowsOf(test.X));
    const rows = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * rowsOf(test.X)) / count));

    const path = new Map(sim.paths.map((deal) => [deal.id, deal]));
    const usual = references(sim, Math.floor(sim.clock.week(cut)), size.usual);
    const economies = new Map<number, readonly Float64Array[]>();
    const held: Held[] = [];
    const given: Map<string, number>[] = [];
    const named: string[][] = [];
    const signs = new Map<string, number>();
    /** 1: the value tells of more of the input than usual, -1 of less, 0: of neither. */
    const evidence = (feature: string, input: Input, row: number): number => {
      const column = test.X.columns.get(feature);
      if (column?.type !== 'number') return 0;
      const key = `${feature} ${input}`;
      if (!signs.has(key)) {
        const amounts = rows.map((r) => amountOf(sim, path.get(test.X.ids[r]!)!, Math.round(sim.clock.week(test.X.asOf[r]!)), input)); // biome-ignore format: one call
        signs.set(key, sharedSign(rows.map((r) => column.values[r]!), amounts)); // biome-ignore format: one call
      }
      const usually = trained.header.usual[feature];
      const above = column.values[row]! - (typeof usually === 'number' ? usually : Number.NaN);
      return Number.isNaN(above) ? 0 : Math.sign(above) * signs.get(key)!;
    };
    for (const row of rows) {
      const explanation = scorer.explain(test.X, row, 'probability');
      if (!explanation) break;
      given.push(new Map(explanation.contributions));
      const week = Math.round(sim.clock.week(test.X.asOf[row]!));
      if (!economies.has(week)) economies.set(week, economiesFrom(sim, week, size.paths));
      const deal = path.get(test.X.ids[row]!)!;
      const top = topOf(explain(explanation, test.X, row, LIMIT, words).reasons);
      named.push(top.map(({ feature }) => feature));
      for (const { code, feature, contribution } of top) {
        const inputs = INPUTS[code];
        const ask = { paths: size.paths, economies: economies.get(week)! };
        const { own, ofMore } = inputs
          ? trueEffect(sim, deal, week, inputs, usual, ask)
          : { own: Number.NaN, ofMore: 0 };
        const told = inputs ? ofMore * evidence(feature, inputs[0]!, row) : Number.NaN;
        held.push({ idea: code, contribution, effect: own, told: told === 0 ? Number.NaN : told });
      }
    }
    if (given.length < rows.length)
      throw new Error(`the served model (${trained.header.chosen}) gives no reasons; more deals are needed`);
    say(
      `${openAt(sim, Math.floor(sim.clock.week(cut))).length} deals were open at the cut; ${held.length} reasons held against the truth`,
    );

    const task = taskOf(subject, source.company, causesOf(subject, train.outcomes));
    const { states } = await fitCandidates(train, task, profile, 1, ['ridge'], undefined);
    const positive = task.causes.map((cause) => cause.positive);
    const ridge = ridgeParts(states.get('ridge')!, positive, takeRows(test.X, rows));
    const account = rows.map((row) => test.account[row]!);
    const shares = signsOf(held);
    const lines = [...shares.lines];
    const accept: Bar[] = [...shares.accept];
    const figures: Record<string, number | string> = { chosen: trained.header.chosen, ...shares.figures };
    for (const level of ['ideas', 'features'] as const) {
      const groupOf = (feature: string) => (level === 'ideas' ? words(feature).idea : feature);
      const groups = groupsOf([...test.X.columns.keys()].filter((name) => ridge[0]!.has(name) || given[0]!.has(name)), groupOf); // biome-ignore format: one call
      const draw = random(first).fork(`deletion ${level}`);
      const deletions = (pick: (i: number) => readonly string[]) =>
        rows.map((row, i): Deletion => ({ row, features: pick(i).flatMap((name) => groups.get(name) ?? []) }));
      const ranked = (parts: ReadonlyMap<string, number>) => largest(parts, groupOf, groups);
      const by = (pick: (i: number) => readonly string[]) =>
        moves(scorer, test.X, deletions(pick), trained.header.usual);
      const moved = {
        reasons: by((i) => (level === 'ideas' ? ranked(given[i]!) : named[i]!)),
        random: by(() => chosen([...groups.keys()], draw)),
        ridge: by((i) => ranked(ridge[i]!)),
      };
      for (const [name, values] of Object.entries(moved)) figures[`deleted ${TOP} ${level}, ${name}`] = mean(values);
      for (const other of ['random', 'ridge'] as const) {
        const { mean: more, standardError } = pairedDifference(moved.reasons, moved[other], account);
        lines.push(`deleting the ${TOP} ${level} of the reasons moves the log odds by ${more.toFixed(4)} +- ${standardError.toFixed(4)} more than ${other}`); // biome-ignore format: one line
        // Feature for feature; by whole ideas, which hold from one to thirty features, the figures are shown.
        if (level === 'features') accept.push({ name: `moved by the reasons, more than by ${other}: lower 95 % end`, value: more - 1.645 * standardError, least: 0 }); // biome-ignore format: one bar
      }
    }
    return { figures, accept, lines };
  },
};

const topOf = <R extends { readonly contribution: number }>(given: readonly R[]): R[] =>
  [...given].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, TOP);

/** How many reasons have the true effect's sign, in all and by idea. */
export function signsOf(held: readonly Held[]) {
  const judged = held.filter(({ effect }) => !Number.isNaN(effect));
  const right = ({ contribution, effect }: Held) => Math.sign(contribution) === Math.sign(effect);
  const share = (of: readonly Held[]) => of.filter(right).length / Math.max(of.length, 1);
  const sized = judged.filter(({ effect }) => Math.abs(effect) >= NONE);
  const telling = judged.filter(({ told }) => !Number.isNaN(told));
  const ideas = new Map<string, Held[]>();
  for (const reason of held) ideas.set(reason.idea, [...(ideas.get(reason.idea) ?? []), reason]);
  const lines = [...ideas]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([idea, of]) => `reason ${idea}: ${of.length} times, ${Number.isNaN(of[0]!.effect) ? 'not judged' : `${(100 * share(of)).toFixed(0)} % with the true sign`}`); // biome-ignore format: one line
  return {
    figures: {
      reasons: held.length,
      'not judged': 1 - judged.length / Math.max(held.length, 1),
      'true sign': share(judged),
      'true sign where it matters': share(sized),
      'true sign of what is told':
        telling.filter(({ contribution, told }) => Math.sign(contribution) === told).length /
        Math.max(telling.length, 1),
      'true effects below .05': 1 - sized.length / Math.max(judged.length, 1),
    },
    accept: [{ name: 'reasons with the true sign', value: share(judged), least: 0.9 }],
    lines,
  };
}

/** Whether two columns rise together (1), against each other (-1), or cannot be told (0). */
function sharedSign(a: readonly number[], b: readonly number[]): number {
  const kept = a.flatMap((v, i) => (Number.isNaN(v) || Number.isNaN(b[i]!) ? [] : [i]));
  return Math.sign(pearson(kept.map((i) => a[i]!), kept.map((i) => b[i]!)) || 0); // biome-ignore format: one call
}

/** Features by the group they are deleted in. */
function groupsOf(features: readonly string[], groupOf: (feature: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of features) groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), name]);
  return groups;
}

/** The groups with the largest sums, whichever way, of those that have columns. */
function largest(
  parts: ReadonlyMap<string, number>,
  groupOf: (feature: string) => string,
  groups: ReadonlyMap<string, readonly string[]>,
): string[] {
  const plain = { label: { en: '', th: '' }, unit: 'none' as const };
  return ideasOf(parts, (name) => ({ ...plain, idea: groupOf(name) }))
    .map(({ code }) => code)
    .filter((code) => groups.has(code))
    .slice(0, TOP);
}

/** Three of the names, each as likely. */
function chosen(names: string[], draw: Random): string[] {
  for (let i = 0; i < TOP; i++) {
    const j = i + draw.below(names.length - i);
    [names[i], names[j]] = [names[j]!, names[i]!];
  }
  return names.slice(0, TOP);
}

const mean = (values: Float64Array): number => values.reduce((s, v) => s + v, 0) / values.length;
