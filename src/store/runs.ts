import { desc, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import type { Connection } from './connection.ts';
import type { Run, Store } from './store.ts';
import { trainingRuns } from './tables.ts';

/** What is remembered of trainings: rows are added and never changed. */
export function runBook(db: Connection): Pick<Store, 'putRun' | 'runs' | 'evidence'> {
  const orm = drizzle(db);
  const columns = {
    id: trainingRuns.id,
    at: trainingRuns.at,
    model: trainingRuns.model,
    outcome: trainingRuns.outcome,
    version: trainingRuns.version,
    record: trainingRuns.record,
  };
  return {
    putRun(run, evidence) {
      const { lastInsertRowid } = orm
        .insert(trainingRuns)
        .values({
          ...run,
          record: JSON.stringify(run.record),
          evidence: evidence === undefined ? null : JSON.stringify(evidence),
        })
        .run();
      return Number(lastInsertRowid);
    },
    runs(model) {
      const query = orm.select(columns).from(trainingRuns);
      const rows = (model === undefined ? query : query.where(eq(trainingRuns.model, model)))
        .orderBy(desc(trainingRuns.id))
        .all();
      return rows.map((row): Run => ({ ...row, record: JSON.parse(row.record) as Record<string, unknown> }));
    },
    evidence(model, version) {
      const text = db
        .prepare<[string, string], string>(
          'SELECT evidence FROM training_runs WHERE model = ? AND version = ? AND evidence IS NOT NULL ORDER BY id DESC LIMIT 1',
        )
        .pluck()
        .get(model, version) as string | undefined;
      return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
    },
  };
}
