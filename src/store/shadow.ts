import type { Connection } from './connection.ts';
import type { Shadow, ShadowScore, Store } from './store.ts';

/** Versions in the shadow and what they said: beside the scores that were given, and never among them. */
export function shadowBook(db: Connection): Pick<Store, 'shadow' | 'setShadow' | 'keepShadowScores' | 'shadowScores'> {
  const keep = db.prepare(
    'INSERT OR IGNORE INTO shadow_scores (model, version, id, as_of, probability) VALUES (@model, @version, @id, @asOf, @probability)',
  );
  const keepAll = db.transaction((scores: readonly ShadowScore[]) => {
    for (const score of scores) keep.run(score);
  });
  return {
    shadow: (model) => db.prepare<[string], Shadow>('SELECT version, since FROM shadows WHERE model = ?').get(model),
    setShadow(model, shadow) {
      if (!shadow) {
        db.prepare('DELETE FROM shadows WHERE model = ?').run(model);
        return;
      }
      db.prepare(
        'INSERT INTO shadows (model, version, since) VALUES (?, ?, ?) ON CONFLICT (model) DO UPDATE SET version = excluded.version, since = excluded.since',
      ).run(model, shadow.version, shadow.since);
    },
    keepShadowScores: (scores) => keepAll.immediate(scores),
    shadowScores: (model, version) =>
      db
        .prepare<[string, string], ShadowScore>(
          'SELECT model, version, id, as_of AS asOf, probability FROM shadow_scores WHERE model = ? AND version = ? ORDER BY as_of, id',
        )
        .all(model, version),
  };
}
