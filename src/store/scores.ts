import type { Connection } from './connection.ts';
import type { KeptScore, Store } from './store.ts';

type ListAsk = Parameters<Store['listScores']>[1];

const COLUMNS = ['model', 'id', 'as_of', 'version', 'probability', 'by_period_end', 'grade', 'amount_minor', 'owner_id', 'body']; // biome-ignore format: a row
const FIELDS = ['model', 'id', 'asOf', 'version', 'probability', 'byPeriodEnd', 'grade', 'amountMinor', 'ownerId', 'body']; // biome-ignore format: a row
const SELECT = COLUMNS.map((column, i) => `${column} AS "${FIELDS[i]}"`).join(', ');
const HOLES = FIELDS.map((field) => `@${field}`).join(', ');

// A deal without an amount sorts as if below every amount.
const SORT = {
  probability: 'probability',
  byPeriodEnd: 'by_period_end',
  amount: `coalesce(amount_minor, ${-Number.MAX_SAFE_INTEGER})`,
  id: 'id',
} as const;

// The newest of each id as it was at an instant: what a walk over pages began on does not change under it.
const LATEST_THEN = `(SELECT * FROM scores s WHERE s.as_of <= @upTo AND NOT EXISTS (
  SELECT 1 FROM scores n WHERE n.model = s.model AND n.id = s.id AND n.version = s.version
    AND n.as_of > s.as_of AND n.as_of <= @upTo))`;

/** Scores: a history that only grows, and the newest of each id and version for lists. */
export function scoreBook(db: Connection, served: (model: string) => string | undefined) {
  const keep = db.prepare(`INSERT OR IGNORE INTO scores (${COLUMNS.join(', ')}) VALUES (${HOLES})`);
  const newest = db.prepare(
    `INSERT INTO latest_scores (${COLUMNS.join(', ')}) VALUES (${HOLES})
     ON CONFLICT (model, version, id) DO UPDATE SET ${COLUMNS.map((c) => `${c} = excluded.${c}`).join(', ')}
     WHERE excluded.as_of > latest_scores.as_of`,
  );
  const keepAll = db.transaction((scores: readonly KeptScore[]) => {
    for (const score of scores) if (keep.run(score).changes === 1) newest.run(score);
  });
  const latest = db.prepare<[string, string, string], KeptScore>(
    `SELECT ${SELECT} FROM latest_scores WHERE model = ? AND version = ? AND id = ?`,
  );
  const newestOfAny = db.prepare<[string, string], KeptScore>(
    `SELECT ${SELECT} FROM scores WHERE model = ? AND id = ? ORDER BY as_of DESC, version LIMIT 1`,
  );
  const before = db.prepare<[string, string, number], Pick<KeptScore, 'asOf' | 'probability'>>(
    'SELECT as_of AS "asOf", probability FROM scores WHERE model = ? AND id = ? AND as_of < ? ORDER BY as_of DESC, version DESC LIMIT 1',
  );
  const history = db.prepare<[string, string], KeptScore>(
    `SELECT ${SELECT} FROM scores WHERE model = ? AND id = ? ORDER BY as_of, version`,
  );
  return {
    keepScores: (scores: readonly KeptScore[]): void => keepAll.immediate(scores),
    latestScore(model: string, id: string): KeptScore | undefined {
      const version = served(model);
      return (version === undefined ? undefined : latest.get(model, version, id)) ?? newestOfAny.get(model, id);
    },
    scoreBefore(model: string, id: string, at: number) {
      const version = served(model);
      const newest = version === undefined ? undefined : latest.get(model, version, id);
      return newest && newest.asOf < at ? newest : before.get(model, id, at);
    },
    scoreHistory: (model: string, id: string): readonly KeptScore[] => history.all(model, id),
    listScores(model: string, ask: ListAsk): readonly KeptScore[] {
      const version = ask.version ?? served(model);
      if (version === undefined) return [];
      const by = SORT[ask.sort];
      const direction = ask.descending ? 'DESC' : 'ASC';
      const where = ['model = @model', 'version = @version'];
      const given: Record<string, string | number> = { model, version, limit: ask.limit };
      if (ask.upTo !== undefined) given['upTo'] = ask.upTo;
      if (ask.ownerId !== undefined) {
        where.push('owner_id = @ownerId');
        given['ownerId'] = ask.ownerId;
      }
      if (ask.grade !== undefined) {
        where.push('grade = @grade');
        given['grade'] = ask.grade;
      }
      if (ask.after) {
        // The id decides between equal values, so that a page begins exactly where the last one ended.
        where.push(`(${by}, id) ${ask.descending ? '<' : '>'} (@value, @id)`);
        given['value'] = ask.after.value ?? -Number.MAX_SAFE_INTEGER;
        given['id'] = ask.after.id;
      }
      return db
        .prepare<[typeof given], KeptScore>(
          `SELECT ${SELECT} FROM ${ask.upTo === undefined ? 'latest_scores' : LATEST_THEN} WHERE ${where.join(' AND ')} ORDER BY ${by} ${direction}, id ${direction} LIMIT @limit`,
        )
        .all(given);
    },
  };
}
