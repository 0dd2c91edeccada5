import { csvFolder } from '../../src/connectors/folder.ts';
import { importBundle } from '../../src/connectors/import.ts';
import { openStore } from '../../src/store/open.ts';

/** Imports a folder in a process of its own: `importChild.ts DB FOLDER AT`. Says when it begins and when it is done. */
const [db, folder, at] = process.argv.slice(2) as [string, string, string];
const store = openStore(db);
const bundle = await csvFolder(folder);
process.stdout.write('begin\n');
await importBundle(store, bundle, { source: 'crm', at: Number(at), dryRun: false });
process.stdout.write('done\n');
store.close();
