import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binaryTarget, inferFrame, type TableSchema } from '../../benchmarks/quality/inferFrame.ts';
import { readTable } from '../../src/connectors/table.ts';
import type { Frame, FrameColumn } from '../../src/frame.ts';
import { random } from '../../src/random.ts';
import { type LeakFinding, leakScreen, leakWords } from '../../training/leakScreen.ts';

const draw = random(20261121);
const ROWS = 1200;
const account = Array.from({ length: ROWS }, (_, row) => `a${row % 300}`);
const skill = Float64Array.from({ length: ROWS }, () => draw.normal());
const event = Uint8Array.from(skill, (z) => (draw.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0));

const frameOf = (columns: Readonly<Record<string, FrameColumn>>): Frame => ({
  ids: account.map((_, row) => String(row)),
  asOf: new Float64Array(ROWS),
  columns: new Map(Object.entries(columns)),
});
const number = (of: (row: number) => number): FrameColumn => ({
  type: 'number',
  values: Float64Array.from({ length: ROWS }, (_, row) => of(row)),
});
const category = (levels: readonly string[], of: (row: number) => number): FrameColumn => ({
  type: 'category',
  levels,
  codes: Int32Array.from({ length: ROWS }, (_, row) => of(row)),
});
const honest = {
  skill: number((row) => skill[row]! + 0.2 * draw.normal()),
  rank: number((row) => skill[row]! + 0.2 * draw.normal()),
  noise: number(() => draw.normal()),
  name: category(
    account.map((_, row) => `n${row}`),
    (row) => row,
  ),
};
const found = (columns: Readonly<Record<string, FrameColumn>>) =>
  leakScreen({ X: frameOf({ ...honest, ...columns }), event, account });

describe('leaks', () => {
  test('honest columns, noise and a name of its own in every row are not suspected', () => {
    expect(found({})).toEqual([]);
  });

  test.each<[string, FrameColumn]>([
    ['a number that follows', number((row) => event[row]! + 0.1 * draw.normal())],
    [
      'a number that tells at both ends',
      number((row) => (event[row]! ? (draw.uniform() < 0.5 ? -9 : 9) : draw.normal())),
    ],
    ['filled for the positive only', category(['reason'], (row) => (event[row]! ? 0 : -1))],
    ['a number filled for the positive only', number((row) => (event[row]! ? draw.uniform() : Number.NaN))],
  ])('%s is hard', (name, column) => {
    const [first, ...rest] = found({ [name]: column });
    expect(first).toMatchObject({ feature: name, severity: 'hard', why: 'alone' });
    expect(rest).toEqual([]);
    expect(leakWords(first!)).toContain('left out');
  });

  test('what is nearly as good is suspected, and stays', () => {
    const column = category(['no', 'yes'], (row) => (draw.uniform() < 0.07 ? 1 - event[row]! : event[row]!));
    expect(found({ tagged: column })).toMatchObject([{ feature: 'tagged', severity: 'suspect', why: 'alone' }]);
  });

  test('what alone is weak and yet carries the rest is suspected with both figures', () => {
    const column = category(['no', 'yes'], (row) => (draw.uniform() < 0.2 ? 1 - event[row]! : event[row]!));
    const [only, ...rest] = found({ quality: column });
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ feature: 'quality', severity: 'suspect', why: 'carries' });
    expect(only!.aucWith! - only!.aucWithout!).toBeGreaterThan(0.05);
  });

  test('filled in only once it is over', () => {
    const column = number(() => (draw.uniform() < 0.2 ? Number.NaN : draw.normal()));
    const X = frameOf({ ...honest, note: column });
    const seen = (share: number) =>
      leakScreen({
        X,
        event,
        account,
        open: {
          X: frameOf({ note: number(() => (draw.uniform() < share ? 1 : Number.NaN)) }),
          columns: new Set(['note']),
        },
      });
    expect(seen(0)).toMatchObject([{ feature: 'note', severity: 'hard', why: 'filledAfter' }]);
    expect(seen(0.3)).toMatchObject([{ feature: 'note', severity: 'suspect', why: 'filledLater' }]);
    expect(seen(0.7)).toEqual([]);
  });

  test('too few outcomes accuse nobody', () => {
    const few = event.map((e, row) => (row < 40 ? e : 0));
    const column = number((row) => few[row]!);
    expect(leakScreen({ X: frameOf({ column }), event: few, account })).toEqual([]);
  });
});

const DATA = process.env['FORESELL_DATA'];
const sets: [string, string, string, TableSchema, (findings: LeakFinding[]) => void][] = [
  [
    'xedu_leads: Tags is seen',
    'xedu_leads/leads.csv.gz',
    'Converted',
    { id: 'Prospect ID', drop: ['Lead Number'], missing: ['Select'] },
    (findings) => expect(findings.map((f) => f.feature)).toContain('Tags'),
  ],
  [
    'uci_bank_marketing: the length of the call is seen',
    'uci_bank_marketing/bank-additional-full.csv.gz',
    'y',
    { missing: ['unknown'] },
    (findings) => expect(findings.map((f) => f.feature)).toContain('duration'),
  ],
  [
    'ibm_telco_churn: nothing is left out',
    'ibm_telco_churn/telco_churn.csv.gz',
    'Churn',
    { id: 'customerID' },
    (findings) => expect(findings.filter((f) => f.severity === 'hard')).toEqual([]),
  ],
  [
    'mlc_churn: nothing is left out',
    'mlc_churn/mlc_churn.csv.gz',
    'churn',
    {},
    (findings) => expect(findings.filter((f) => f.severity === 'hard')).toEqual([]),
  ],
];
for (const [name, file, target, schema, check] of sets) {
  const path = join(DATA ?? '', file);
  test.skipIf(!DATA || !existsSync(path))(`${name} (needs FORESELL_DATA)`, async () => {
    const table = await readTable(path);
    const { event: y } = binaryTarget(table, target);
    const { frame } = inferFrame(table, { ...schema, drop: [...(schema.drop ?? []), target] });
    check(leakScreen({ X: frame, event: y, account: frame.ids }));
  });
}
