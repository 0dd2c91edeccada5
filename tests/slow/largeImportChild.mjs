import { writeFileSync } from 'node:fs';
import { openEngine } from '../../dist/bin/library.js';

/**
 * Imports a folder in a process of its own and writes what it took: `largeImportChild.mjs DB FOLDER OUT`. It runs what is
 * built, as the command does: a loader of TypeScript holds some 60 MB of its own.
 */
const [db, folder, out] = process.argv.slice(2);
const began = performance.now();
const engine = await openEngine({ db });
const { total } = await engine.import(folder);
engine.close();
const seconds = Math.round((performance.now() - began) / 100) / 10;
const { user, system } = process.cpuUsage();
const cpuSeconds = Math.round((user + system) / 1e5) / 10;
writeFileSync(
  out,
  JSON.stringify({ total, seconds, cpuSeconds, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) }),
);
