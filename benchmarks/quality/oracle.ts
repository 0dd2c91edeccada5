import { setImmediate } from 'node:timers/promises';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { scorerOf } from '../../models/scorer.ts';
import { type ModelName, modelNames } from '../../src/subjects/index.ts';
import { formatInstant } from '../../src/time.ts';
import { type Profile, profiles } from '../../training/profiles.ts';
import { trainModel } from '../../training/train.ts';
import { type ForwardRows, forwardXgboost } from '../peers/forwardXgboost.ts';
import { type Peer, pythonPeer } from '../peers/peer.ts';
import { eventOf, type ForwardWorld, forwardWorld, settledRows } from './forwardWorld.ts';
import { gains, lossDifference } from './gains.ts';
import { leaksNamed } from './leaksNamed.ts';
import { nullWorld } from './nullWorld.ts';
import type { Bar, QualityCase } from './quality.ts';

/** Kept for acceptance, and never looked at while anything was tuned; `--seed N` takes others. */
const ACCEPTANCE = 1000;
const FULL = { deals: 20_000, others: 4_000, tries: 8, rounds: 400, paths: 64 };
const SMALL = { deals: 1_500, others: 1_500, tries: 3, rounds: 150, paths: 32 };
/** Of tuned XGBoost's gain, on the same frame. */
const OF_XGBOOST = 0.97;
const OF_ORACLE = 0.85;

/**
 * Against the known truth. A calm company is cut in time: trained on what was known at the cut, judged on the newest fifth
 * of its deals and leads (customers: of the looks) every 14 days (28), "won within 13 weeks", "converted within the
 * horizon", "left within the horizon". Beside the base rate stand XGBoost after a search on the same columns, and the
 * oracle, which knows what nobody recorded. Then a company in which nothing predicts anything, and one whose records leak.
 * `--set churn` asks some parts only: deal, lead, churn, null, leaky; `--deals N` of a smaller company than the full one.
 */
export const oracle: QualityCase = {
  name: 'oracle',
  says: 'deals, leads and customers of a simulated company beside tuned XGBoost and the true probabilities; null; leaky',
  run: async ({ small, seed, given, say }) => {
    const usual = small ? SMALL : FULL;
    const size = { ...usual, deals: Number(given.deals ?? usual.deals) };
    const wanted = partsOf(given.set);
    const first = seed === 1 ? ACCEPTANCE : seed;
    const profile: Profile = small ? profiles.fast : profiles.default;
    const figures: Record<string, number | string | null> = {};
    const lines: string[] = [];
    const accept: Bar[] = [];

    if (wanted.has('leaky')) {
      const leaks = leaksNamed(size.others, first + 2);
      say(`leaky: ${leaks.filter(({ named }) => named).length} of ${leaks.length} leaks named`);
      for (const { leak, named, leftOut } of leaks)
        lines.push(`leak ${leak.file} ${leak.column} (${leak.kind}): ${named ? 'named' : 'NOT NAMED'}${leak.kind === 'hard' ? `, ${leftOut ? 'left out' : 'KEPT'}` : ''}`); // biome-ignore format: one line
      const hard = leaks.filter(({ leak }) => leak.kind === 'hard');
      accept.push(
        { name: 'planted leaks named', value: leaks.filter(({ named }) => named).length / leaks.length, least: 1 },
        { name: 'hard leaks left out', value: hard.filter(({ leftOut }) => leftOut).length / hard.length, least: 1 },
      );
    }

    for (const model of wanted.has('null') ? (['deal', 'lead'] as const) : []) {
      const answer = await nullWorld(model, { deals: size.others, seed: first + 1, profile });
      say(`null, ${model}: ${answer.chosen}, AUC ${answer.auc.toFixed(3)}`);
      figures[`null ${model} chosen`] = answer.chosen;
      figures[`null ${model} AUC`] = answer.auc;
      figures[`null ${model} reasons`] = answer.reasons.join(', ') || 'none';
      accept.push(
        { name: `null ${model}: standard errors of the AUC from .5`, value: Math.abs(answer.errors), most: 3 },
        { name: `null ${model}: reasons given`, value: answer.reasons.length, most: 0 },
      );
    }

    const models = modelNames.filter((model) => wanted.has(model));
    if (models.length === 0) return { figures, accept, lines };
    const peer = await pythonPeer('xgboost_search.py', 'numpy, xgboost');
    if (!peer) lines.push('XGBoost is not installed (python3 -c "import xgboost"): it is skipped');
    try {
      const started = Date.now();
      const sim = simulate({ deals: size.deals, seed: first, scenario: 'calm' });
      const source = simulatedSource(sim);
      for (const model of models) {
        const spent = () => `${Math.round((Date.now() - started) / 1000)} s`;
        const progress = (line: string) => say(`${model} (${spent()}): ${line}`);
        const world = forwardWorld(sim, source, model, size.paths);
        progress(
          `${world.train.X.ids.length} rows known by ${formatInstant(world.cut)}, ${world.test.X.ids.length} judged`,
        );
        // The peer searches in a process of its own meanwhile; its question is written once this turn of the loop ends.
        const waiting = peer && xgboostOf(peer, world, size);
        await setImmediate();
        const told = new Set<string>();
        const trained = await trainModel(source, world.subject, {
          until: world.cut,
          profile,
          seed: 1,
          onProgress: (step) => {
            if (!told.has(step)) progress(step);
            told.add(step);
          },
        });
        const said = scorerOf(loadArtifact(trained.bytes), source.company).predict(world.test.X);
        const xgboost = await waiting;
        progress('judged');
        const ours = world.test.X.ids.map((_, row) => said.positiveBy(row, world.days));
        const part = judged(model, world, { ours, oracle: world.truth, ...(xgboost ? { xgboost: xgboost.p } : {}) });
        Object.assign(figures, { [`${model} chosen`]: trained.header.chosen }, part.figures);
        lines.push(...part.lines);
        if (xgboost) lines.push(`${model}: XGBoost with ${JSON.stringify(xgboost.chosen)}`);
        // One small company has too few outcomes to part methods that are near each other.
        if (!small) accept.push(...part.accept);
        else lines.push(...part.accept.map(({ name, value }) => `${name}: ${value.toFixed(3)} (a bar in full)`));
      }
    } finally {
      peer?.close();
    }
    return { figures, accept, lines };
  },
};

/** The parts that are asked; of a name that is none it says which there are. */
function partsOf(asked: string | undefined): ReadonlySet<string> {
  const all: readonly string[] = ['leaky', 'null', ...modelNames];
  const parts = asked?.split(',') ?? all;
  const unknown = parts.find((part) => !all.includes(part));
  if (unknown !== undefined) throw new Error(`oracle has no part "${unknown}"; there is: ${all.join(', ')}`);
  return new Set(parts);
}

function xgboostOf(peer: Peer, world: ForwardWorld, { tries, rounds }: { tries: number; rounds: number }) {
  const { train, test, cut, embargoDays, X } = world;
  const index = settledRows(train, cut, embargoDays);
  const happened = eventOf(train, world.days);
  const rows: ForwardRows = {
    index,
    event: index.map((row) => happened[row]!),
    asOf: index.map((row) => train.X.asOf[row]!),
    account: index.map((row) => train.account[row]!),
  };
  const judgedRows = test.X.ids.map((_, row) => train.X.ids.length + row);
  return forwardXgboost(peer, X, rows, judgedRows, { embargoDays, tries, rounds, seed: 1 });
}

type Said = Readonly<Record<'ours' | 'oracle', ArrayLike<number>>> & Readonly<{ xgboost?: ArrayLike<number> }>;

function judged(model: ModelName, { event, test, days }: ForwardWorld, said: Said) {
  const { base, gain, auc } = gains<string>(event, said as Readonly<Record<string, ArrayLike<number>>>);
  const figures: Record<string, number> = {
    [`${model} rows judged`]: event.length,
    [`${model} entities judged`]: new Set(test.X.ids).size,
    [`${model} base rate log loss`]: base,
  };
  for (const method of Object.keys(gain)) {
    figures[`${model} gain ${method}`] = gain[method]!;
    figures[`${model} AUC ${method}`] = auc[method]!;
  }
  const share = gain['ours']! / gain['oracle']!;
  figures[`${model} ours / oracle`] = share;
  const lines = [`${model}, within ${days} days: ours has ${(100 * share).toFixed(1)} % of the oracle's gain (goal ${100 * OF_ORACLE} %)`]; // biome-ignore format: one line
  const accept: Bar[] = [];
  if (said.xgboost) {
    const { mean, standardError } = lossDifference(event, said.xgboost, said.ours, test.account);
    lines.push(
      `${model}: log loss below XGBoost's by ${mean.toFixed(4)} +- ${standardError.toFixed(4)} (accounts as clusters)`,
    );
    accept.push({
      name: `${model}: gain / XGBoost's gain`,
      value: gain['ours']! / gain['xgboost']!,
      least: OF_XGBOOST,
    });
  }
  return { figures, lines, accept };
}
