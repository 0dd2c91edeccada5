import { type RecordDeclaration, type RecordKind, records } from '../src/records.ts';
import { jsonName } from './schemas/rows.ts';

/**
 * The column that a change is of, by its name in files (`expected_close_date`) or in JSON (`expectedCloseDate`). Any other name is one of the
 * company's own columns and stays as it is: were the JSON name taken for one, the change would count for nothing and nobody would be told.
 */
export function changedColumn(kind: RecordKind, field: string): string {
  const { columns }: RecordDeclaration = records[kind];
  if (Object.hasOwn(columns, field)) return field;
  return Object.keys(columns).find((name) => jsonName(name) === field) ?? field;
}
