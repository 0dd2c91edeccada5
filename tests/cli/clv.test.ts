import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulateCustomers } from '../../datasets/customers.ts';
import { foresell } from './run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresell-clv-'));
  const rows = simulateCustomers({
    ...{ customers: 400, seed: 5, joinDays: 200, endDay: 500, value: { p: 6, q: 4, v: 15 } },
    law: { kind: 'bg-nbd', r: 0.8, alpha: 40, a: 0.8, b: 3 },
  }).flatMap(({ id, purchases }) =>
    purchases.map(({ day, value }) => {
      const date = new Date(Date.UTC(2025, 0, 1) + Math.floor(day) * 86_400_000).toISOString().slice(0, 10);
      return `${value.toFixed(2)},${id},shop,${date}`;
    }),
  );
  writeFileSync(join(folder, 'purchases.csv'), ['amount,customer_id,channel,date', ...rows].join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('foresell clv --transactions', () => {
  test('writes a row a customer with the agreed columns', () => {
    const ran = foresell(
      ['clv', '--transactions', 'purchases.csv', '--until', '2025-12-31', '--horizon', '90', '--out', 'value.csv'],
      folder,
    );
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.err).toContain('400 customers as of 2025-12-31');
    const [header, ...rows] = readFileSync(join(folder, 'value.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('id,p_alive,expected_purchases,expected_value,lo,hi');
    expect(rows.length).toBe(400);
    for (const row of rows) {
      const [, alive, purchases, value, low, high] = row.split(',').map(Number) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      expect(Math.min(alive, 1 - alive, purchases, value, low, high - low)).toBeGreaterThanOrEqual(0);
    }
    expect(existsSync(join(folder, 'value.csv.part'))).toBe(false);
  });

  test('answers NDJSON with more', () => {
    const { code, out, err } = foresell(
      ['clv', '--transactions', 'purchases.csv', '--horizon', '90d', '--json', '--quiet'],
      folder,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.length).toBe(400);
    expect(lines[0]).toMatchObject({
      id: 'c0',
      segment: expect.stringMatching(/keep|grow|let go/),
      rfm: { recency: expect.any(Number) },
    });
  });

  test('bad rows end with 2, say what to do and leave no file', () => {
    writeFileSync(join(folder, 'bad.csv'), 'customer_id,date,amount\na,2025-01-01,5\na,2025-01-02,-5');
    const { code, out, err } = foresell(
      ['clv', '--transactions', 'bad.csv', '--horizon', '90', '--out', 'no.csv'],
      folder,
    );
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('line 3: amount -5 is below 0');
    expect(err).not.toContain('    at ');
    expect(existsSync(join(folder, 'no.csv'))).toBe(false);
  });
});
