import { isRefusal } from '../../api/engine.ts';
import '../../api/main.ts';
import { openEngine } from '../../api/open.ts';

/** Loads what serves and scores one deal of a database file: is TensorFlow.js in this process then? */
const [db, id] = process.argv.slice(2);
const scored = !isRefusal(openEngine({ db: db!, now: () => Date.parse('2026-05-20T06:30:00Z') }).latest('deal', id!));
process.stdout.write(JSON.stringify({ scored, tensorFlow: '_tfengine' in globalThis }));
