import { expect, test } from 'vitest';
import { looseNumber } from '../../../models/table/looseNumber.ts';
import { featuresOfRecipes, frameByRecipes, Oddities, recipeSchema } from '../../../models/table/recipe.ts';
import { tableOfRows } from '../../../models/table/tableModel.ts';
import { usualByColumn } from '../../../models/table/usual.ts';
import { random } from '../../../src/random.ts';
import { inferRecipes } from '../../../training/tables/inferRecipes.ts';
import { readColumnSchema } from '../../../training/tables/schema.ts';

const draw = random(3);
const words = [
  'price',
  'late',
  'contract',
  'thanks',
  'call',
  'again',
  'invoice',
  'please',
  'renew',
  'quote',
  'visit',
  'manager',
  'error',
  'delivery',
  'ticket',
  'refund',
];
const rows = Array.from({ length: 200 }, (_, i) => ({
  row: i + 1,
  customer: `C-${9000 - i}`,
  customer_id: 50_000 + ((i * 7919) % 30_011),
  amount: Math.round(1e4 * draw.uniform()) / 10,
  money: `$1,${String(100 + i)}.50`,
  zip: i % 3 ? `0${1000 + (i % 7)}` : `${2000 + (i % 5)}`,
  region: ['north', 'south', ''][i % 3],
  area: ['N', 'S', ''][i % 3],
  signed: `${1 + (i % 28)}/${1 + (i % 12)}/202${i % 3}`,
  thai: `${1 + (i % 27)}/${1 + (i % 12)}/256${i % 3}`,
  seen: `2026-03-${String(1 + (i % 28)).padStart(2, '0')}T${String(i % 24).padStart(2, '0')}:00:00Z`,
  note: `${Array.from({ length: 6 }, () => words[draw.below(16)]).join(' ')} ${i}`,
  constant: 'same',
  none: '',
  rare: i === 5 ? 'x' : '',
  mixed: i % 50 ? i / 7 : 'error',
  endless: i % 40 ? i % 13 : 'Infinity',
  broken: i % 5 ? i / 9 : ['error', '-inf', 'Infinity'][i % 3],
  y: i % 2,
}));
const table = tableOfRows(rows);

test('types, and why columns are set aside', () => {
  const { verdicts, recipes } = inferRecipes(table, new Map([['y', 'the target']]));
  const of = Object.fromEntries(verdicts.map(({ column, type, why }) => [column, `${type}: ${why}`]));
  expect(of['row']).toMatch(/left out: an identifier: a different whole number in every row, in order/);
  expect(of['customer']).toMatch(/left out: an identifier: 200 different words/);
  expect(of['customer_id']).toMatch(/left out: an identifier/);
  expect(of['amount']).toMatch(/^number/);
  expect(of['money']).toMatch(/^number/);
  expect(of['zip']).toMatch(/^category: 12 different codes, as "0100/);
  expect(of['region']).toMatch(/^category: 2 different words; 66 empty/);
  expect(of['area']).toMatch(/left out: says the same as "region"/);
  expect(of['signed']).toMatch(/^date: dates \(D\/M\/YYYY\)/);
  expect(of['thai']).toMatch(/^date: dates \(D\/M\/BBBB\)/);
  expect(of['seen']).toMatch(/^date/);
  expect(of['note']).toMatch(/^text: free text; 17 common words, hashed/);
  expect(of['constant']).toBe('left out: the same in every row ("same")');
  expect(of['none']).toBe('left out: empty');
  expect(of['rare']).toBe('left out: filled in 1 of 200 rows: too rare');
  expect(of['mixed']).toMatch(/^number: .*4 other cells \("error"\) count as missing/);
  expect(of['endless']).toMatch(/^number: .*5 other cells \("Infinity"\) count as missing/);
  expect(of['broken']).toBe('number: 160 different numbers; 40 other cells ("error") count as missing');
  expect(of['y']).toBe('left out: the target');

  const odd = new Oddities();
  const frame = frameByRecipes(recipes, table, rows.map(({ customer }) => customer), odd); // biome-ignore format: one call
  expect([...frame.columns.keys()]).toEqual(featuresOfRecipes(recipes).map(({ name }) => name));
  for (const [name, column] of frame.columns) {
    const length = column.type === 'number' ? column.values.length : column.codes.length;
    expect(length, name).toBe(200);
    if (column.type === 'number') for (const v of column.values) expect(Number.isNaN(v) || Number.isFinite(v)).toBe(true); // biome-ignore format: one check
  }
  const money = frame.columns.get('money');
  expect(money?.type === 'number' && money.values[3]).toBe(1103.5);
  for (const name of ['signed age days', 'thai age days']) {
    const age = frame.columns.get(name);
    const days = age?.type === 'number' ? [...age.values] : [];
    expect(Math.min(...days)).toBe(0);
    expect(Math.max(...days)).toBeLessThan(3 * 366);
  }
  expect(odd.all()).toContain('"mixed": 4 cells are no finite number (as "error"); they count as missing');
});

test('other rows are read alike: by name, words never met and text for numbers are said', () => {
  const { recipes } = inferRecipes(table, new Map([['y', 'the target']]));
  const odd = new Oddities();
  const other = tableOfRows([{ ...rows[0]!, region: 'west', amount: 'lots', signed: 'soon', extra: 1 }]);
  const shuffled = { ...other, header: [...other.header].reverse() };
  const frame = frameByRecipes(recipes, shuffled, ['0'], odd);
  expect(frame.columns.has('extra')).toBe(false);
  const amount = frame.columns.get('amount');
  expect(amount?.type === 'number' && amount.values[0]).toBe(Number.NaN);
  expect(odd.all().sort()).toEqual([
    '"amount": 1 cells are no finite number (as "lots"); they count as missing',
    '"broken": 1 cells are no finite number (as "error"); they count as missing',
    '"endless": 1 cells are no finite number (as "Infinity"); they count as missing',
    '"mixed": 1 cells are no finite number (as "error"); they count as missing',
    '"region": 1 cells say a word never met in training (as "west"); they count as rare ones',
    '"signed": 1 cells are no date (as "soon"); they count as missing',
  ]);
  const { region: _region, zip: _zip, ...lacking } = rows[0]!;
  expect(() => frameByRecipes(recipes, tableOfRows([lacking]), ['0'])).toThrow(/no column "zip", "region"; the model reads/); // biome-ignore format: one check
});

test.each(['forth', 'back'])('no two features of one name: a column keeps its own (header %s)', (order) => {
  const named = rows.map(({ signed, seen, note }, i) => ({
    'signed month': ['x', 'y', 'z'][i % 3],
    'seen age days': (i * i) % 31,
    'note length': i % 7 ? i % 5 : '',
    signed,
    seen,
    note,
  }));
  const read = tableOfRows(named);
  const header = order === 'forth' ? read.header : [...read.header].reverse();
  const { recipes, verdicts } = inferRecipes({ ...read, header }, new Map());
  const names = featuresOfRecipes(recipes).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['signed age days', 'signed weekday', 'seen weekday', 'seen hour']));
  expect(names.some((name) => name.startsWith('note word'))).toBe(true);
  const { columns } = frameByRecipes(recipes, read, rows.map((_, i) => String(i))); // biome-ignore format: one call
  expect(columns.get('signed month')).toMatchObject({ levels: ['x', 'y', 'z'] });
  expect(columns.get('seen age days')).toMatchObject({ values: Float64Array.from(rows, (_, i) => (i * i) % 31) });
  const lengths = columns.get('note length');
  expect(lengths?.type === 'number' && [...lengths.values.slice(0, 4)]).toEqual([Number.NaN, 1, 2, 3]);
  expect(verdicts.find(({ column }) => column === 'signed')?.why).toMatch(
    /; without "signed month": a column already$/,
  );
  // An artifact tells what is not made, and what the date's own column says as a rule is not that of its namesake.
  expect(recipes.map((recipe) => recipeSchema.parse(recipe))).toEqual(recipes);
  expect(usualByColumn(recipes, { ids: [], asOf: new Float64Array(0), columns })['seen']?.typical).toBe(null);
});

test('Thai digits are numbers, with sign, separator and point; behind a leading zero they are codes', () => {
  const thai = (text: string) => text.replaceAll(/\d/g, (digit) => '๐๑๒๓๔๕๖๗๘๙'[Number(digit)]!);
  const cells = rows.map((_, i) => ({
    price: thai(`${i % 2 ? '-' : ''}1,${100 + i}.50`),
    zip: thai(`0${1000 + (i % 7)}`),
  }));
  const { recipes, verdicts } = inferRecipes(tableOfRows(cells), new Map());
  expect(verdicts.map(({ type }) => type)).toEqual(['number', 'category']);
  expect(verdicts[1]!.why).toBe('7 different codes, as "๐๑๐๐๐"');
  const { columns } = frameByRecipes(recipes, tableOfRows(cells), rows.map((_, i) => String(i))); // biome-ignore format: one call
  expect(columns.get('price')).toMatchObject({
    values: Float64Array.from(rows, (_, i) => (i % 2 ? -1 : 1) * (1100.5 + i)),
  });
  expect(['๕๐%', '฿๑,๒๐๐', '๐.๕', '๑2', '๑/๒', '๑๐ คน', '๐๑'].map((cell) => looseNumber(cell))).toEqual([50, 1200, 0.5, Number.NaN, Number.NaN, Number.NaN, Number.NaN]); // biome-ignore format: one check
});

test('a number with commas is the same among many rows, kept as numbers, and among few', () => {
  const cells = Array.from({ length: 6000 }, (_, i) => ({
    price: i % 25 ? i / 4 + 0.1 : ['1,234.50', '฿900', 'gone'][i % 3],
  }));
  const many = tableOfRows(cells);
  expect(many.columns.get('price')!.kind).toBe('numbers');
  const { recipes, verdicts } = inferRecipes(many, new Map());
  expect(verdicts[0]).toEqual({ column: 'price', type: 'number', why: '5,762 different numbers; 80 other cells ("gone") count as missing' }); // biome-ignore format: one check
  const [odd, oddOfFew] = [new Oddities(), new Oddities()];
  const values = (table: typeof many, told: Oddities) => {
    const column = frameByRecipes(recipes, table, [], told).columns.get('price');
    return column?.type === 'number' ? [...column.values.slice(0, 100)] : [];
  };
  expect(values(many, odd)).toEqual(values(tableOfRows(cells.slice(0, 100)), oddOfFew));
  expect([values(many, odd)[0], values(many, odd)[25]]).toEqual([1234.5, 900]);
  expect(oddOfFew.all()).toEqual(['"price": 1 cells are no finite number (as "gone"); they count as missing']);
});

test('a date of which nothing is left to make is left out', () => {
  const few = rows.map((_, i) => ({ 'at age days': i % 9, at: `2026-03-0${1 + (i % 9)}` }));
  const { recipes, verdicts } = inferRecipes(tableOfRows(few), new Map());
  expect(recipes.map(({ column }) => column)).toEqual(['at age days']);
  expect(verdicts[1]).toEqual({ column: 'at', type: 'left out', why: 'dates; all that it would be made into is a column already: "at age days"' }); // biome-ignore format: one check
});

test('a schema file decides, and says what is wrong with it', () => {
  const schema = readColumnSchema(
    'missing: [south]\ncolumns:\n  amount: { type: category }\n  signed: { type: date, format: M/D/YYYY }\n  endless: { type: number, missing: [7] }\n  note: { type: message }\n  money: { type: ignore }\n  customer: { type: id }\n',
    's.yaml',
  );
  const { recipes, verdicts } = inferRecipes(table, new Map(), schema);
  const of = new Map(recipes.map((recipe) => [recipe.column, recipe]));
  expect(of.get('amount')?.kind).toBe('category');
  expect(of.get('signed')).toMatchObject({ kind: 'date', format: 'M/D/YYYY' });
  expect(of.get('endless')).toMatchObject({ missingNumbers: [7] });
  expect(of.get('note')).toMatchObject({ kind: 'text', message: true });
  expect(of.get('region')).toMatchObject({ levels: ['north'] });
  expect(verdicts.find(({ column }) => column === 'money')?.why).toBe('the schema leaves it out');
  const frame = frameByRecipes(recipes, table, rows.map((_, i) => String(i))); // biome-ignore format: one call
  expect([...frame.columns.keys()]).toEqual(expect.arrayContaining(['note tone', 'note price']));
  expect(() => readColumnSchema('columns: { a: { type: float } }', 's.yaml')).toThrow(/columns\.a\.type/);
  expect(() => readColumnSchema('{', 's.yaml')).toThrow(/neither YAML nor JSON/);
  expect(() => inferRecipes(table, new Map(), readColumnSchema('columns: { amuont: {} }', 's'))).toThrow(/no column "amuont"/); // biome-ignore format: one check
});

test.each<[string, number]>([
  ['(1,234.50)', -1234.5],
  ['1,234.50-', -1234.5],
  ['\u2212250.00', -250],
  ['$-5.25', -5.25],
  ['-$5.25', -5.25],
  ['THB 1,200.00', 1200],
  ['-1,200.00 บาท', -1200],
  ['1,200.-', 1200],
  ['ABC 12', Number.NaN],
  ['(02)', Number.NaN],
  ['-$-5', Number.NaN],
  ['USD 5 EUR', Number.NaN],
])('money as it is exported: %s', (cell, value) => {
  expect(looseNumber(cell)).toBe(value);
});

test('decimals after a comma are numbers where a column has them, and not where commas stand between thousands', () => {
  const cells = Array.from({ length: 60 }, (_, i) => ({
    x: `${i % 2 ? '-' : ''}${i},${i % 10}`,
    share: `${i % 7},${i} %`,
    money: `${1 + i}.${100 + i},50 €`,
    whole: i % 3 ? String(i) : `${i},5`,
    thousands: `${1 + i},${100 + i}`,
    pairs: `${i % 4},${i % 3}`,
    points: i === 7 ? '1,5' : `${i}.125`,
  }));
  const table = tableOfRows(cells);
  const { recipes, verdicts } = inferRecipes(table, new Map());
  expect(verdicts.map(({ type }) => type)).toEqual(['number', 'number', 'number', 'number', 'number', 'category', 'number']); // biome-ignore format: one row
  expect(verdicts[0]!.why).toBe('60 different numbers, decimals after a comma');
  const at = (name: string, row: number) => {
    const column = frameByRecipes(recipes, table, cells.map((_, i) => String(i))).columns.get(name)!; // biome-ignore format: one call
    return column.type === 'number' ? column.values[row] : undefined;
  };
  expect(['x', 'share', 'money', 'whole', 'thousands', 'points'].map((name) => at(name, 33))).toEqual([-33.3, 5.33, 34133.5, 33.5, 34133, 33.125]); // biome-ignore format: one row
  expect(recipes.map((recipe) => recipeSchema.parse(recipe))).toEqual(recipes);
});

test('dates as other exports write them; months are dates too, so that a month to come is later than all', () => {
  const month = ['Jan', 'Mar', 'Jul', 'Oct'];
  const cells = Array.from({ length: 60 }, (_, i) => ({
    us: `${month[i % 4]} ${1 + (i % 28)}, 2025`,
    german: `${1 + (i % 28)}.${1 + (i % 12)}.2025 ${8 + (i % 10)}:30`,
    iso: `2025-${String(1 + (i % 12)).padStart(2, '0')}`,
    named: `${month[i % 4]} 2025`,
    thai: `${['ม.ค.', 'มี.ค.'][i % 2]} 2568`,
    model: `Truck ${2020 + (i % 3)}`,
  }));
  const table = tableOfRows(cells);
  const { recipes, verdicts } = inferRecipes(table, new Map());
  expect(verdicts.map(({ why }) => why)).toEqual([
    'dates (MMM D, YYYY)',
    'dates (D.M.YYYY H:mm)',
    'dates (YYYY-MM)',
    'dates (MMM YYYY)',
    'dates (MMM BBBB)',
    '3 different words',
  ]);
  expect(featuresOfRecipes(recipes).map(({ name }) => name)).toEqual(['us age days', 'us weekday', 'german age days', 'german month', 'german weekday', 'german hour', 'iso age days', 'iso month', 'named age days', 'thai age days', 'model']); // biome-ignore format: one row
  const later = tableOfRows([{ ...cells[0]!, iso: '2026-02' }]);
  const age = frameByRecipes(recipes, later, ['0']).columns.get('iso age days')!;
  expect(age.type === 'number' && age.values[0]).toBe(-62);
});
