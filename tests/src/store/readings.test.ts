import { join } from 'node:path';
import { expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../../datasets/synthetic.ts';
import { snapshot } from '../../../features/index.ts';
import * as features from '../../../features/text.ts';
import { cellOf } from '../../../src/frame.ts';
import { connect } from '../../../src/store/connection.ts';
import { openStore } from '../../../src/store/open.ts';
import { readMessage } from '../../../src/store/readings.ts';
import { writeSetting } from '../../../src/store/settings.ts';
import { READER_VERSION } from '../../../src/text/readMessage.ts';
import { IMPORTED, small, tryImport, writeFolder } from '../connectors/folders.ts';
import { scratch } from './scratch.ts';

const HEADER = 'id,kind,direction,at,deal_id,account_id,subject,body';
const WARM = ['Offer', 'Great work, we love the offer. Please send the contract.'] as const;
const COLD = ['ราคา', 'ราคาแพงมาก ไม่ประทับใจเลยค่ะ แย่มาก'] as const;
const mail = (id: string, [subject, body]: readonly [string, string]) =>
  `${id},email,in,2025-03-0${id.slice(1)}T10:00:00+07:00,d1,a1,${subject},"${body}"`;
const mails = {
  ...small,
  'activities.csv': [HEADER, mail('m6', WARM), mail('m7', COLD), 'm8,call,out,2025-03-08T10:00:00+07:00,d1,a1,,'],
};
/** A later export of other files. */
const later = (files: Parameters<typeof writeFolder>[1]) => ({ 'deals.csv': small['deals.csv'], ...files });
const readAs = (words: readonly [string, string]) => readMessage(words.join('\n'));
const NONE = { sentiment: null, intents: null };

async function imported() {
  const folder = scratch();
  const store = openStore(join(folder, 'x.db'));
  await tryImport(store, writeFolder(join(folder, 'in'), mails));
  const told = () =>
    (store.source().history('deal', 'crm:d1')!.activity ?? []).map(({ sentiment, intents }) => ({
      sentiment,
      intents,
    }));
  return { folder, store, told };
}

test('what messages say is stored when they come and told as numbers; the words are not', async () => {
  const { store, told } = await imported();
  expect(told()).toEqual([readAs(WARM), readAs(COLD), NONE]);
  expect(readAs(WARM).sentiment).toBeGreaterThan(0.3);
  expect(readAs(COLD).sentiment).toBeLessThan(-0.3);
  expect(store.loadedSource().history('deal', 'crm:d1')).toEqual(store.source().history('deal', 'crm:d1'));
  expect(JSON.stringify(store.source().history('deal', 'crm:d1'))).not.toMatch(/love|ประทับใจ/);
  store.close();
});

test('a file cannot give a reading: a column of that name is a custom one', async () => {
  const { folder, store, told } = await imported();
  const given = later({ 'activities.csv': [`${HEADER},sentiment`, `${mail('m5', COLD)},1`] });
  await tryImport(store, writeFolder(join(folder, 'given'), given), IMPORTED + 1);
  expect(told()[0]).toEqual(readAs(COLD));
  store.close();
});

test('a text that a later export changes keeps the reading of its first words', async () => {
  const { folder, store, told } = await imported();
  const { report } = await tryImport(
    store,
    writeFolder(join(folder, 'later'), later({ 'activities.csv': [HEADER, mail('m6', COLD), mail('m7', COLD)] })),
    IMPORTED + 1,
  );
  expect(report.total).toMatchObject({ read: 5, accepted: 1, unchanged: 4 });
  expect(told()).toEqual([readAs(WARM), readAs(COLD), NONE]);
  store.close();
});

test('another version of the reader reads what is stored again, once, by the words that came first', async () => {
  const { folder, store, told } = await imported();
  await tryImport(store, writeFolder(join(folder, 'b'), later({ 'activities.csv': [HEADER, mail('m6', COLD)] })), IMPORTED + 1); // biome-ignore format: a row
  const other = connect(store.path);
  other.exec('UPDATE activities SET sentiment = 0.5, intents = 63');
  writeSetting(other, 'reader', String(READER_VERSION - 1));
  other.close();
  expect(told()[0]).toEqual({ sentiment: 0.5, intents: 63 });
  await tryImport(store, writeFolder(join(folder, 'c'), later({ 'teams.csv': ['id,name', 't2,South'] })), IMPORTED + 2);
  expect(told()).toEqual([readAs(WARM), readAs(COLD), NONE]);
  store.close();
});

test('features of words: tone drawn to 0, its worst, and who is spoken of; only what came in', async () => {
  const { store } = await imported();
  const at = (day: number) => Date.UTC(2025, 2, day, 12);
  const set = Object.values(features);
  const frame = snapshot(store.source(), set, [{ id: 'crm:d1', asOf: at(5) }, { id: 'crm:d1', asOf: at(6) }, { id: 'crm:d1', asOf: at(8) }]); // biome-ignore format: a row
  const cells = (name: string) => [0, 1, 2].map((i) => cellOf(frame.columns.get(name)!, i));
  // Beyond half way, more praise is no more praise.
  const [warm, cold] = [Math.min(0.5, readAs(WARM).sentiment!), Math.max(-0.5, readAs(COLD).sentiment!)];
  expect(cells('sentiment_mean_30d')).toEqual([null, warm / 5, (warm + cold) / 6]);
  expect(cells('sentiment_min_90d')).toEqual([null, warm, cold]);
  const [, alone, slope] = cells('sentiment_slope_90d');
  expect(alone).toBeNull();
  const half = 1 / 60; // days in 30 days, from the middle
  expect(slope).toBeCloseTo((half * (cold - warm)) / (2 * half ** 2 + 1 / 9), 9);
  expect(cells('contract_mention_count_30d')).toEqual([0, 1, 1]);
  expect(cells('price_mention_count_90d')).toEqual([0, 0, 1]);
  store.close();
});

test('simulated messages are read too, and their tone follows how engaged the customer is', () => {
  const source = simulatedSource(simulate({ deals: 60, seed: 11, scenario: 'tiny' }));
  const won: number[] = [];
  const lost: number[] = [];
  for (const id of source.ids('deal')) {
    const { closed, activity = [] } = source.history('deal', id)!;
    const tones = activity.flatMap(({ direction, sentiment }) => (direction === 'in' && sentiment !== null ? [sentiment] : [])); // biome-ignore format: a row
    if (closed?.length) (closed[0]!.outcome === 'won' ? won : lost).push(...tones);
  }
  const mean = (tones: number[]) => tones.reduce((sum, tone) => sum + tone, 0) / tones.length;
  expect(won.length).toBeGreaterThan(20);
  expect(mean(won)).toBeGreaterThan(mean(lost));
});
