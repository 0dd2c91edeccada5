import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { takeRows } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import { logLoss } from '../../src/stats/logLoss.ts';
import { binaryRows, fitTable, probabilities } from '../../training/tables/fit.ts';
import { type Peer, pythonPeer } from '../peers/peer.ts';
import { tunedRidge } from '../peers/tunedRidge.ts';
import type { Bar, QualityCase } from './quality.ts';
import { studentQuantile } from './studentQuantile.ts';
import { bank, fifthRow, loadSet, mlc, oneHotMatrix, type TableSet, telco, xedu } from './tableSets.ts';

const SETS = [telco, xedu, mlc, bank];
const FULL = { sets: SETS, closed: [10, 20, 40, 80, 200, 1000], draws: 20, testRows: 2000, tries: 8 };
const SMALL = { sets: [telco, xedu], closed: [10, 40, 200], draws: 2, testRows: 500, tries: 2 };

interface Draw {
  readonly set: string;
  readonly closed: number;
  readonly losses: Readonly<Record<string, number>>;
}

/**
 * How good the first scores are: log loss on rows never drawn from, after 10 to 1,000 closed records, beside the base
 * rate (won + 1) / (n + 2), a tuned ridge and XGBoost with a random search. Records are drawn without replacement from the
 * rows that train by the fifth-row split, the others test. What the learner does with few rows was settled on other draws,
 * tested on other rows (those at position 3 modulo 5).
 */
export const coldstart: QualityCase = {
  name: 'coldstart',
  says: 'log loss after 10 to 1,000 closed records, beside base rate, ridge and XGBoost',
  needs: 'ibm_telco_churn',
  run: async ({ folder, small, seed, say }) => {
    const size = small ? SMALL : FULL;
    const scratch = mkdtempSync(join(tmpdir(), 'foresell-coldstart-'));
    const peer = await pythonPeer('xgboost_search.py', 'numpy, xgboost');
    if (!peer) say('XGBoost is not installed (python3 -c "import xgboost"): it is skipped');
    try {
      const draws: Draw[] = [];
      const sets = [];
      for (const set of size.sets) sets.push(await prepared(set, dirname(folder!), scratch, size.testRows));
      for (let draw = 0; draw < size.draws; draw++) {
        for (const { name, frame, event, train, test, seen, came, matrix } of sets) {
          const order = shuffled(train, seed * 1000 + draw, name);
          for (const closed of size.closed) {
            const rows = order.slice(0, closed);
            const y = Uint8Array.from(rows, (i) => event[i]!);
            const answered = asked(peer, {
              ...matrix,
              train: rows,
              test,
              event: [...y],
              seed: draw,
              tries: size.tries,
            });
            const X = takeRows(frame, rows);
            const won = y.reduce((s, e) => s + e, 0);
            const fitted = await fitTable(binaryRows(X, y));
            const said: Record<string, ArrayLike<number>> = {
              ours: probabilities(fitted.state, seen),
              baseRate: new Float64Array(test.length).fill((won + 1) / (closed + 2)),
              ridge: tunedRidge(X, y, seen),
            };
            const xgboost = await answered;
            if (xgboost) said['xgboost'] = xgboost;
            const losses = Object.fromEntries(
              Object.entries(said).map(([method, p]) => [method, logLoss(came, held(p))]),
            );
            draws.push({ set: name, closed, losses });
          }
        }
        say(`draw ${draw + 1} of ${size.draws}`);
        if (draw > 0) for (const [what, figure] of Object.entries(summary(draws, size.closed).figures)) say(`  so far ${what}: ${figure}`); // biome-ignore format: one loop
      }
      const lines = ['', 'log loss, mean over draws', ...table(draws, size.closed)];
      for (const { name } of size.sets) lines.push(name, ...table(draws.filter((d) => d.set === name), size.closed)); // biome-ignore format: one call
      return { ...summary(draws, size.closed), lines };
    } finally {
      peer?.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  },
};

/** A set with its test rows and, for peers, its matrix in a file. */
async function prepared(set: TableSet, root: string, scratch: string, testRows: number) {
  const { frame, event } = await loadSet(root, set);
  const { train, test: all } = fifthRow(event.length);
  const step = Math.max(1, all.length / testRows);
  const test = Array.from({ length: Math.min(all.length, testRows) }, (_, i) => all[Math.floor(i * step)]!);
  const path = join(scratch, `${set.name}.f32`);
  const { values, width } = oneHotMatrix(frame);
  writeFileSync(path, values);
  const came = test.map((i) => event[i]!);
  return { name: set.name, frame, event, train, test, seen: takeRows(frame, test), came, matrix: { path, width } };
}

/** No method is judged by a certainty it should not have claimed: held within 1e-6 of 0 and 1. */
const held = (p: ArrayLike<number>): number[] => Array.from(p, (v) => Math.min(Math.max(v, 1e-6), 1 - 1e-6));

async function asked(peer: Peer | undefined, question: object): Promise<number[] | undefined> {
  return peer ? (await peer.ask<{ p: number[] }>(question)).p : undefined;
}

function shuffled(rows: readonly number[], seed: number, name: string): number[] {
  const out = [...rows];
  const stream = random(seed).fork(`coldstart ${name}`);
  for (let i = out.length - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;

/**
 * Mean of `ours - peer` over sets and draws with a 95 % interval. The sets are given, the draws are the sample: the
 * variance is that within sets, which gives a narrower interval than pooling them would.
 */
export function pairedOverSets(draws: readonly Draw[], peer: string): { mean: number; low: number; high: number } {
  const bySet = new Map<string, number[]>();
  for (const { set, losses } of draws) {
    const list = bySet.get(set) ?? [];
    list.push(losses['ours']! - losses[peer]!);
    bySet.set(set, list);
  }
  const sets = [...bySet.values()];
  const middle = mean(sets.map(mean));
  let variance = 0;
  let freedom = 0;
  for (const list of sets) {
    const m = mean(list);
    variance += list.reduce((s, v) => s + (v - m) ** 2, 0) / (list.length - 1) / list.length / sets.length ** 2;
    freedom += list.length - 1;
  }
  const half = studentQuantile(freedom) * Math.sqrt(variance);
  return { mean: middle, low: middle - half, high: middle + half };
}

function summary(draws: readonly Draw[], closed: readonly number[]) {
  const figures: Record<string, number | string> = {};
  const accept: Bar[] = [];
  for (const n of closed) {
    const at = draws.filter((d) => d.closed === n);
    for (const peer of Object.keys(at[0]!.losses).filter((name) => name !== 'ours')) {
      const { mean: middle, low, high } = pairedOverSets(at, peer);
      figures[`${n} ours - ${peer}`] = `${middle.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
      accept.push({ name: `${n} closed: lower end of ours - ${peer}`, value: low, most: 0 });
    }
  }
  return { figures, accept };
}

function table(draws: readonly Draw[], closed: readonly number[]): string[] {
  const names = Object.keys(draws[0]!.losses);
  const row = (cells: readonly string[]) => cells.map((cell) => cell.padStart(10)).join('');
  return [
    row(['closed', ...names]),
    ...closed.map((n) => {
      const at = draws.filter((d) => d.closed === n);
      return row([String(n), ...names.map((name) => mean(at.map((d) => d.losses[name]!)).toFixed(4))]);
    }),
  ];
}
