import { join } from 'node:path';
import { readTable, type Table, type TableOptions } from '../../src/connectors/table.ts';
import type { Frame } from '../../src/frame.ts';
import { binaryTarget, inferFrame, type TableSchema } from './inferFrame.ts';

/** Flat tables with something to learn, and which of their columns are leaks (see each folder's README). */
export interface TableSet {
  readonly name: string;
  readonly folder: string;
  /** One file, or several of the same columns, one under the other. */
  readonly file: string | readonly string[];
  readonly target: string;
  readonly schema: TableSchema;
  readonly options?: TableOptions;
  /** File of the target, one a line, of the rows of the last file. */
  readonly answers?: string;
  /** Column by which rows stand in order of time; absent = not known, or as the file stands. */
  readonly time?: string;
  /** Rows that repeat another in everything but the id are left out. */
  readonly unique?: boolean;
}

const xeduLeaks = [
  'Tags',
  'Lead Quality',
  'Lead Profile',
  'Asymmetrique Activity Index',
  'Asymmetrique Profile Index',
  'Asymmetrique Activity Score',
  'Asymmetrique Profile Score',
  'Last Activity',
  'Last Notable Activity',
];

export const telco: TableSet = {
  name: 'telco',
  folder: 'ibm_telco_churn',
  file: 'telco_churn.csv.gz',
  target: 'Churn',
  schema: { id: 'customerID', drop: ['Churn'] },
};
export const xedu: TableSet = {
  name: 'xedu',
  folder: 'xedu_leads',
  file: 'leads.csv.gz',
  target: 'Converted',
  time: 'Lead Number',
  schema: { id: 'Lead Number', missing: ['Select'], drop: ['Converted', 'Prospect ID', ...xeduLeaks] },
};
export const mlc: TableSet = {
  name: 'mlc',
  folder: 'mlc_churn',
  file: 'mlc_churn.csv.gz',
  target: 'churn',
  schema: { drop: ['churn'] },
};
export const bank: TableSet = {
  name: 'bank',
  folder: 'uci_bank_marketing',
  file: 'bank-additional-full.csv.gz',
  target: 'y',
  schema: { drop: ['y', 'duration'], missing: ['unknown'], missingNumbers: { pdays: [999] } },
};

export const clv: TableSet = {
  name: 'clv',
  folder: 'ibm_marketing_clv',
  file: 'marketing_customer_value.csv.gz',
  target: 'Response',
  schema: { id: 'Customer', drop: ['Response'] },
  unique: true,
};
const coilColumns = Array.from({ length: 86 }, (_, j) => (j === 85 ? 'CARAVAN' : `V${j + 1}`));
export const coil: TableSet = {
  name: 'coil',
  folder: 'coil2000_caravan',
  file: ['ticdata2000.txt.gz', 'ticeval2000.txt.gz'],
  answers: 'tictgts2000.txt.gz',
  target: 'CARAVAN',
  schema: { drop: ['CARAVAN'], categories: ['V1', 'V5'] },
  options: { separator: '\t', header: coilColumns },
};

/** Rows of the official training file of `coil`; the others test. */
export const COIL_TRAIN = 5822;

/**
 * The cells of a set with what its README asks for done to them, for whoever learns from them: texts and numbers that
 * mean "not known" are empty, leaks and useless ids are gone, repeated rows too.
 */
export async function cleanTable(root: string, set: TableSet): Promise<Table> {
  const files = typeof set.file === 'string' ? [set.file] : set.file;
  const tables = [];
  for (const [k, file] of files.entries()) {
    const last = set.answers !== undefined && k === files.length - 1;
    const header = set.options?.header;
    const options = {
      ...set.options,
      ...(header && last ? { header: header.filter((name) => name !== set.target) } : {}),
    };
    tables.push(await readTable(join(root, set.folder, file), options));
  }
  const answers = set.answers
    ? (await readTable(join(root, set.folder, set.answers), { header: [set.target], separator: '\t' })).cells
    : undefined;
  const header = tables[0]!.header.filter((name) => name === set.target || !set.schema.drop?.includes(name));
  const cells = new Map<string, string[]>();
  for (const name of header) {
    const unknown = new Set([...(set.schema.missing ?? []), ...(set.schema.missingNumbers?.[name] ?? []).map(String)]);
    const column = tables.flatMap((table) => table.cells.get(name) ?? answers!.get(name)!);
    cells.set(name, name === set.target ? column : column.map((cell) => (unknown.has(cell) ? '' : cell)));
  }
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const whole: Table = { path: set.name, header, cells, rows };
  return set.unique ? takeTable(whole, firstOfEach(whole, set.schema.id)) : whole;
}

/** Rows of a table at `index`, in that order. */
export const takeTable = (table: Table, index: readonly number[]): Table => ({
  ...table,
  cells: new Map([...table.cells].map(([name, cells]) => [name, index.map((i) => cells[i]!)])),
  rows: index.length,
});

/** Row numbers without those that repeat an earlier one in everything but the id. */
function firstOfEach(table: Table, id: string | undefined): number[] {
  const columns = table.header.filter((name) => name !== id).map((name) => table.cells.get(name)!);
  const seen = new Set<string>();
  return Array.from({ length: table.rows }, (_, i) => i).filter((i) => {
    const key = columns.map((cells) => cells[i]).join('\u0000');
    return !seen.has(key) && seen.add(key);
  });
}

export interface LoadedSet {
  readonly frame: Frame;
  readonly event: Uint8Array;
}

/** Reads a set below the folder of data sets. */
export async function loadSet(root: string, set: TableSet): Promise<LoadedSet> {
  const table = await cleanTable(root, set);
  const drop = set.schema.drop?.filter((name) => table.cells.has(name)) ?? [];
  return { frame: inferFrame(table, { ...set.schema, drop }).frame, event: binaryTarget(table, set.target).event };
}

/** Row numbers of the fifth-row split: position 4 modulo 5 tests, the rest trains. */
export function fifthRow(rows: number): { readonly train: readonly number[]; readonly test: readonly number[] } {
  const all = Array.from({ length: rows }, (_, i) => i);
  return { train: all.filter((i) => i % 5 !== 4), test: all.filter((i) => i % 5 === 4) };
}

/** Columns as a float32 matrix for peers: numbers with NaN = missing, one column a level. */
export function oneHotMatrix(frame: Frame): { readonly values: Float32Array; readonly width: number } {
  const columns = [...frame.columns.values()].flatMap((column) =>
    column.type === 'number'
      ? [Float32Array.from(column.values)]
      : column.levels.map((_, level) => Float32Array.from(column.codes, (code) => (code === level ? 1 : 0))),
  );
  const rows = frame.ids.length;
  const values = new Float32Array(rows * columns.length);
  for (const [j, column] of columns.entries())
    for (let i = 0; i < rows; i++) values[i * columns.length + j] = column[i]!;
  return { values, width: columns.length };
}
