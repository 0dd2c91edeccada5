import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importBundle } from '../../src/connectors/import.ts';
import { openBundle } from '../../src/connectors/open.ts';
import { openStore } from '../../src/store/open.ts';
import type { FactSource } from '../../src/world.ts';

/** A shared data set brought in as any company's export would be: by its map, into a database of its own. */
export async function imported(
  folder: string,
  map: string,
  say: (line: string) => void,
): Promise<{ source: FactSource; newest: number; close(): void }> {
  const temporary = mkdtempSync(join(tmpdir(), 'foresell-quality-'));
  const maps = fileURLToPath(new URL('../../datasets/maps/', import.meta.url));
  const store = openStore(join(temporary, 'quality.db'));
  const { bundle, name } = await openBundle(folder, { source: 'csv', map: join(maps, `${map}.yaml`) });
  const report = await importBundle(store, bundle, { source: name, at: Date.now(), dryRun: false });
  const { read, accepted, unchanged, rejected } = report.total;
  say(`imported by map: ${read} read = ${accepted} accepted + ${unchanged} unchanged + ${rejected} rejected`);
  return {
    source: store.loadedSource(),
    newest: newestEvent(store.loadedSource()),
    close: () => {
      store.close();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** The newest instant at which anything happened to a deal, the import's own instant aside. */
function newestEvent(source: FactSource): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const id of source.ids('deal')) {
    const { deal = [], closed = [], change = [], activity = [] } = source.history('deal', id) ?? {};
    for (const fact of [...deal, ...closed, ...activity]) newest = Math.max(newest, fact.knownAt);
    for (const fact of change) if (!fact.id.endsWith(':import')) newest = Math.max(newest, fact.knownAt);
  }
  return newest;
}
