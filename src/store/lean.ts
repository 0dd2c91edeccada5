import type { Company } from '../company.ts';
import { heldNorms, type Norms } from '../norms.ts';
import type { FactSource, WorkedOut } from '../world.ts';
import type { Connection } from './connection.ts';
import { partsOf } from './parts.ts';
import { servingSource } from './serving.ts';
import { lazySource, readRates } from './source.ts';

/**
 * All facts, of which those of the kinds `ON_DEMAND` are read one by one when they are looked at: what is usual, who is open and what
 * a deal is worth are told by the others. `whole` reads everything at once of those whose features are to be computed.
 *
 * Everything is read through one connection, which must stay in one read transaction as long as the source is used.
 * Cost: all other rows in memory.
 */
export function leanSource(db: Connection, company: Company, workedOut?: WorkedOut): FactSource {
  const others = lazySource(db, company);
  const part = partsOf(db, company, others);
  const source: FactSource = {
    ...servingSource({ db, company, others }),
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
