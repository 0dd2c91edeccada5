import { join } from 'node:path';
import { readTable, type TableOptions } from '../../src/connectors/table.ts';
import type { Frame } from '../../src/frame.ts';
import { binaryTarget, inferFrame, type TableSchema } from '../../training/tables/infer.ts';

/** Flat tables with a yes or no to learn, and which of their columns are leaks (see each folder's README). */
export interface TableSet {
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly target: string;
  readonly schema: TableSchema;
  readonly options?: TableOptions;
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

export interface LoadedSet {
  readonly frame: Frame;
  readonly event: Uint8Array;
}

/** Reads a set below the folder of data sets. */
export async function loadSet(root: string, set: TableSet): Promise<LoadedSet> {
  const table = await readTable(join(root, set.folder, set.file), set.options);
  return { frame: inferFrame(table, set.schema).frame, event: binaryTarget(table, set.target).event };
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
