import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { scoreAnswer, scoreHistory, scorePage } from '../../api/schemas/scores.ts';
import { testApp } from './company.ts';

it('answers while another process writes: scores at once, lists and histories when it has ended', async () => {
  const { ask, post, store } = await testApp();
  store.waitAtMost(0);
  const other = new Database(store.path);
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');

  const told = scoreAnswer.parse(await (await post('/v1/scores/deal', { ids: ['d45', 'd46'], reasons: 3 })).json());
  expect(told.items.map((item) => 'probability' in item)).toEqual([true, true]);
  expect((await ask('/v1/scores/deal/d47')).status).toBe(200);

  let isOver = false;
  const waiting = [ask('/v1/scores/deal?limit=1000'), ask('/v1/scores/deal/d47/history')].map(async (answer) => {
    const { status } = await answer;
    return [status, isOver, await (await answer).json()] as const;
  });
  const promoted = post('/v1/models/deal/versions/plain-1/promote', { reason: 'test' });
  expect((await ask('/healthz')).status).toBe(200); // nobody stands still for them
  isOver = true;
  other.exec('ROLLBACK');

  const [list, history] = await Promise.all(waiting);
  expect([list!.slice(0, 2), history!.slice(0, 2)]).toEqual([[200, true], [200, true]]); // biome-ignore format: two rows
  expect(scorePage.parse(list![2]).items).toHaveLength(30);
  expect(scoreHistory.parse(history![2]).items).toHaveLength(1);
  expect((await promoted).status).toBe(200);
  expect(store.scoreHistory('deal', 'crm:d45')).toHaveLength(1); // nothing that was given was lost
});
