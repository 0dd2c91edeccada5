import { writeFileSync } from 'node:fs';
import { csvFolder } from '../../src/connectors/folder.ts';
import { importBundle } from '../../src/connectors/import.ts';
import { openStore } from '../../src/store/open.ts';

/** Imports a folder in a process of its own and writes what it took: `largeImportChild.ts DB FOLDER OUT`. */
const [db, folder, out] = process.argv.slice(2) as [string, string, string];
const began = performance.now();
const store = openStore(db);
const { total } = await importBundle(store, await csvFolder(folder), { source: 'crm', at: Date.now(), dryRun: false });
store.close();
const seconds = Math.round((performance.now() - began) / 100) / 10;
const { user, system } = process.cpuUsage();
const cpuSeconds = Math.round((user + system) / 1e5) / 10;
writeFileSync(
  out,
  JSON.stringify({ total, seconds, cpuSeconds, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) }),
);
