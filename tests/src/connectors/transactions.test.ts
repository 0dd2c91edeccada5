import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTransactions } from '../../../src/connectors/transactions.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-transactions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const read = (text: string, zone = 'UTC') => {
  const path = join(folder, 'some.csv');
  writeFileSync(path, text);
  return readTransactions(path, zone);
};
const day = (text: string) => Date.parse(text) / 86_400_000;

test('columns in any order, others passed over, times as the days they were in the zone', async () => {
  const text = 'amount,shop,customer_id,date\n5.50,x,a,2025-01-31\n2,y,b,2025-01-31T20:00:00Z\n0,y,a,2025-02-01';
  expect(await read(text, 'Asia/Bangkok')).toEqual([
    {
      id: 'a',
      purchases: [
        { day: day('2025-01-31'), value: 5.5 },
        { day: day('2025-02-01'), value: 0 },
      ],
    },
    { id: 'b', purchases: [{ day: day('2025-02-01'), value: 2 }] },
  ]);
});

test.each([
  [
    'a missing column',
    'customer,date,amount\na,2025-01-01,5',
    'no column "customer_id"; it has customer, date, amount',
  ],
  ['an amount below 0', 'customer_id,date,amount\na,2025-01-01,5\na,2025-01-02,-5', 'line 3: amount -5 is below 0'],
  ['an amount that is none', 'customer_id,date,amount\na,2025-01-01,"1,5"', 'amount "1,5" is not a plain number'],
  ['an amount that is huge text', 'customer_id,date,amount\na,2025-01-01,1e9', 'is not a plain number'],
  ['a date that is none', 'customer_id,date,amount\na,01/02/2025,5', 'date "01/02/2025" is not an ISO 8601 date'],
  ['no customer', 'customer_id,date,amount\n,2025-01-01,5', 'line 2: customer_id is empty'],
  ['cells missing', 'customer_id,date,amount\na,2025-01-01', '2 cells where the header'],
  ['nothing', 'customer_id,date,amount\n', 'no rows below the header'],
])('%s is refused with what was got', async (_what, text, said) => {
  await expect(read(text)).rejects.toThrow(said);
});

test('many bad rows: the first five, and how many', async () => {
  const rows = Array.from({ length: 9 }, () => 'a,never,5');
  await expect(read(['customer_id,date,amount', ...rows].join('\n'))).rejects.toThrow(/9 of 9 rows.*and 4 more/);
});

test('a file that is not there is named', async () => {
  await expect(readTransactions(join(folder, 'none.csv'), 'UTC')).rejects.toThrow('none.csv');
});
