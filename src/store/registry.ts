import { createHash } from 'node:crypto';
import { asc, desc, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { ForesellError } from '../errors.ts';
import type { Connection } from './connection.ts';
import type { Promotion, Version } from './store.ts';
import { promotions, versions } from './tables.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Versions, the served pointer and its audit: append-only but for the pointer. */
export function registry(db: Connection) {
  const orm = drizzle(db);
  const servedNow = (model: string): string | undefined =>
    db.prepare('SELECT version FROM served WHERE model = ?').pluck().get(model) as string | undefined;
  const readBlob = db.prepare<[string, string], { bytes: Buffer; sha256: string }>('SELECT bytes, sha256 FROM versions WHERE model = ? AND version = ?'); // biome-ignore format: one statement
  return {
    putVersion(version: Version, bytes: Uint8Array): void {
      // The version is the hash of the content: the same one again is the same artifact, and mends a damaged copy.
      const stored = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const { changes } = orm
        .insert(versions)
        .values({
          ...version,
          summary: JSON.stringify(version.summary),
          sha256: sha256(bytes),
          bytes: stored,
        })
        .onConflictDoNothing()
        .run();
      if (changes > 0) return;
      const old = readBlob.get(version.model, version.version)!;
      if (sha256(old.bytes) === old.sha256) return;
      db.prepare('UPDATE versions SET bytes = ?, sha256 = ? WHERE model = ? AND version = ?').run(stored, sha256(bytes), version.model, version.version); // biome-ignore format: one statement
    },
    versions(model?: string): readonly Version[] {
      const query = orm.select(versionColumns).from(versions);
      const rows = (model === undefined ? query : query.where(eq(versions.model, model)))
        .orderBy(desc(versions.createdAt), asc(versions.version))
        .all();
      return rows.map((row) => ({ ...row, summary: JSON.parse(row.summary) as Record<string, unknown> }));
    },
    artifact(model: string, version: string): Uint8Array | undefined {
      const row = readBlob.get(model, version);
      if (!row) return undefined;
      if (sha256(row.bytes) !== row.sha256) {
        throw new ForesellError('artifact-damaged', `version ${version} of model ${model} is damaged on disk; serve another version, or restore the backup`, { blame: 'failure' }); // biome-ignore format: one sentence
      }
      return new Uint8Array(row.bytes);
    },
    served: servedNow,
    serve(promotion: Promotion): void {
      db.transaction(() => {
        const known = db.prepare('SELECT 1 FROM versions WHERE model = ? AND version = ?').get(promotion.model, promotion.version); // biome-ignore format: one statement
        if (!known) {
          throw new ForesellError('version-unknown', `model ${promotion.model} has no version ${promotion.version}; see the list of versions`, { status: 404 }); // biome-ignore format: one sentence
        }
        const previous = servedNow(promotion.model) ?? null;
        db.prepare(
          'INSERT INTO served (model, version) VALUES (?, ?) ON CONFLICT (model) DO UPDATE SET version = excluded.version',
        ).run(promotion.model, promotion.version);
        orm
          .insert(promotions)
          .values({ ...promotion, previous })
          .run();
      }).immediate();
    },
    promotions(model: string): readonly Promotion[] {
      return orm
        .select()
        .from(promotions)
        .where(eq(promotions.model, model))
        .orderBy(asc(promotions.id))
        .all()
        .map(({ id: _id, ...promotion }) => promotion);
    },
  };
}

/** Everything but the blob. */
const versionColumns = {
  model: versions.model,
  version: versions.version,
  createdAt: versions.createdAt,
  lowSkill: versions.lowSkill,
  summary: versions.summary,
};
