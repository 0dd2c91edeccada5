// A thread of `score --all`: finds out what is usual and who is open, or scores a share of them and tells the rows as it goes.
import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { isRefusal } from '../api/engine.ts';
import { openEngine } from '../api/open.ts';
import { scoreJson } from '../api/present.ts';
import { ForesellError } from '../src/errors.ts';
import { openStore } from '../src/store/open.ts';
import type { Held, Store } from '../src/store/store.ts';
import { subjectOf } from '../src/subjects/index.ts';
import { type FactSource, type WorkedOut, world } from '../src/world.ts';
import { outItem } from './score/item.ts';
import type { Ask, ScoredRow, Told, Usual, Work } from './score/share.ts';
import { failureOf } from './thread.ts';

/** Scored together: enough that little is read twice, few enough to be told soon. */
const TOGETHER = 2000;
/** Told ahead of what the writer has taken. */
const AHEAD = 2;

const port = parentPort!;
const tell = (told: Told): void => port.postMessage(told);
try {
  await run(workerData as Work);
} catch (error) {
  tell({ is: 'failed', ...failureOf(error, 'score-failed') });
}

async function run(work: Work): Promise<void> {
  const store = openStore(work.db);
  let held: Held | undefined;
  try {
    if (work.is === 'usual') {
      held = store.leanSource();
      tell({ is: 'usual', usual: usualOf(store, held, work) });
    } else {
      const { norms, workedOut, stamp } = work.usual;
      held = store.partedSource(norms, { get: (key) => workedOut.get(key), set: () => {} });
      if (held.stamp !== stamp) throw changed('facts came in');
      await score(port, store, held.source, work);
    }
  } finally {
    held?.close();
    store.close();
    port.close();
  }
}

function pinnedIn(store: Store, source: FactSource, { model, asOf, version }: Ask) {
  const engine = openEngine({ db: { ...store, servingSource: () => source }, now: Date.now });
  const pinned = engine.pin(model, asOf);
  if (pinned.version !== version) throw changed('another version was promoted');
  return { engine, pinned };
}

const changed = (what: string) =>
  new ForesellError('changed-meanwhile', `${what} meanwhile; run it again`, { blame: 'failure' });

function usualOf(store: Store, { source, stamp }: Held, ask: Ask): Usual {
  const workedOut = new Map<string, readonly number[]>();
  const noted: WorkedOut = {
    get(key) {
      const known = source.workedOut?.get(key);
      if (known) workedOut.set(key, known);
      return known;
    },
    set(key, values) {
      workedOut.set(key, values);
      source.workedOut?.set(key, values);
    },
  };
  const noting: FactSource = { ...source, workedOut: noted, whole: (of, ids) => ({ ...source.whole!(of, ids), population: noting }) }; // biome-ignore format: one source
  const { engine, pinned } = pinnedIn(store, noting, ask);
  const ids = engine.openIds(ask.model, ask.asOf);
  pinned.scoreIds(ids.slice(0, 1), { reasons: 0, curve: false }); // asks for all that a score needs
  const { of } = subjectOf(ask.model, store.company());
  const { norms } = world(noting, ask.asOf);
  return { ids: of === 'deal' ? byAccount(source, ids) : ids, norms, workedOut, stamp };
}

function byAccount(source: FactSource, ids: readonly string[]): readonly string[] {
  const account = new Map(ids.map((id) => [id, source.history('deal', id)?.deal?.at(-1)?.accountId ?? '']));
  const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...ids].sort((a, b) => byCode(account.get(a)!, account.get(b)!) || byCode(a, b));
}

async function score(port: MessagePort, store: Store, source: FactSource, work: Work & { is: 'share' }): Promise<void> {
  const { engine, pinned } = pinnedIn(store, source, work);
  let ahead = 0;
  port.on('message', () => ahead--);
  for (let from = 0; from < work.ids.length; from += TOGETHER) {
    const items = pinned.scoreIds(work.ids.slice(from, from + TOGETHER), { reasons: work.reasons, curve: false });
    const rows = items.map((item): ScoredRow => {
      if (isRefusal(item)) throw item.error;
      const { json, ...row } = outItem(item, scoreJson(item, engine, work.language));
      return { ...row, document: work.documents ? JSON.stringify(json) : undefined, confidence: item.confidence };
    });
    tell({ is: 'scored', rows });
    ahead++;
    while (ahead >= AHEAD) await once(port, 'message');
  }
}
