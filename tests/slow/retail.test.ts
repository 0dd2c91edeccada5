import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { openEngine } from '../../api/open.ts';
import { openStore } from '../../src/store/open.ts';
import { foresell } from '../cli/run.ts';

/** What a shop without contracts sees of its customers, from files to an answer. */
let folder: string;
let db: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-retail-'));
  db = join(folder, 'shop.db');
  for (const args of [
    ['generate', '--out', 'shop', '--scenario', 'retail', '--deals', '160', '--seed', '11', '--no-truth', '--quiet'],
    ['import', 'shop', '--db', db, '--quiet'],
    ['train', '--model', 'churn', '--profile', 'fast', '--db', db, '--quiet'],
  ]) {
    const { code, err } = foresell(args, folder);
    expect(code, err).toBe(0);
  }
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Scored {
  readonly id: string;
  readonly model: string;
  readonly outcome: string;
  readonly withinDays: number;
  readonly probability: number;
  readonly baseValue: number;
  readonly otherContribution: number;
  readonly reasons: readonly { readonly contribution: number }[];
}

describe('churn of a shop', () => {
  let scores: readonly Scored[];
  test('score --model churn: every current customer, silent within 180 days', () => {
    const { code, out, err } = foresell(
      ['score', '--model', 'churn', '--all', '--db', db, '--json', '--quiet'],
      folder,
    );
    expect(code, err).toBe(0);
    scores = out.trim().split('\n').map((line) => JSON.parse(line) as Scored); // biome-ignore format: one chain
    expect(scores.length).toBeGreaterThan(20);
    for (const score of scores) {
      expect(score).toMatchObject({ model: 'churn', outcome: 'left', withinDays: 180 });
      expect(score.probability).toBeGreaterThan(0);
      expect(score.probability).toBeLessThan(1);
      const sum = score.reasons.reduce((total, { contribution }) => total + contribution, score.baseValue);
      expect(sum + score.otherContribution).toBeCloseTo(Math.log(score.probability / (1 - score.probability)), 2);
    }
  }, 60_000);

  test('GET /v1/scores/churn/{id} of one of them says the same', async () => {
    const store = openStore(db);
    try {
      const engine = openEngine({ db: store, now: () => Date.now() });
      const app = createApp(engine, { now: () => Date.now(), onFailure: (error) => console.error(error) });
      const answer = await app.request(`http://127.0.0.1:3000/v1/scores/churn/${scores[0]!.id}`, {
        headers: { host: '127.0.0.1:3000' },
      });
      expect(answer.status, await answer.clone().text()).toBe(200);
      const said = (await answer.json()) as Scored;
      expect(said).toMatchObject({ id: scores[0]!.id, model: 'churn', withinDays: 180 });
      expect(said.probability).toBeCloseTo(scores[0]!.probability, 6);
    } finally {
      store.close();
    }
  });
});
