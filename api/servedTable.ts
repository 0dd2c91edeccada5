import type { OpenedTable } from '../models/table/tableModel.ts';
import type { Instant } from '../src/time.ts';

/** A table model as it is served: its name and when its file was written. */
export interface ServedTable {
  readonly name: string;
  readonly opened: OpenedTable;
  readonly createdAt: Instant;
}
