import type { Company } from '../company.ts';
import { heldNorms, type Norms } from '../norms.ts';
import type { FactSource, WorkedOut } from '../world.ts';
import type { Connection } from './connection.ts';
import { partsOf } from './parts.ts';
import { lazySource, readRates, scannedSource } from './source.ts';

/**
 * All facts but those of activities, which are most rows of a company and which nothing reads but features of the deal,
 * lead or account that they are about: what is usual, who is open and what a deal is worth are told by the others.
 * `whole` reads everything of those whose features are to be computed.
 *
 * Everything is read through one connection, which must stay in one read transaction as long as the source is used.
 * Cost: all other rows in memory.
 */
export function leanSource(db: Connection, company: Company, workedOut?: WorkedOut): FactSource {
  const part = partsOf(db, company, lazySource(db, company));
  const source: FactSource = {
    ...scannedSource(db, company, undefined, ['activity']),
    ...(workedOut ? { workedOut } : {}),
    whole: (of, ids) => part(of, ids, source),
  };
  return source;
}

/**
 * Nothing but what is asked for by `whole`, where what is usual, and whatever else is worked out of all facts, is already
 * known. Cost: next to nothing; memory goes with those asked for at once.
 */
export function partedSource(db: Connection, company: Company, norms: Norms, workedOut: WorkedOut): FactSource {
  const others = lazySource(db, company);
  const part = partsOf(db, company, others);
  const source: FactSource = {
    company,
    rates: readRates(db, company),
    ids: others.ids,
    history: others.history,
    workedOut,
    whole: (of, ids) => part(of, ids, source),
  };
  heldNorms(source, norms);
  return source;
}
