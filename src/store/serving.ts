import type { Company } from '../company.ts';
import { collecting } from '../facts.ts';
import type { FactSource } from '../world.ts';
import type { Connection } from './connection.ts';
import { historyOnDemand, ON_DEMAND } from './onDemand.ts';
import { allFacts, keptWith, type LazySource, readRates } from './source.ts';

/** What a source for answering questions all day is read through. */
export interface ServingParts {
  readonly company: Company;
  /** Of the facts: what is worked out of them is kept with the file. Absent = it is not. */
  readonly stamp?: number;
  readonly db: Connection;
  /** Reads what is looked at later, as it is by then. What commits in between shows within a look, and all is read again. */
  readonly others: LazySource;
}

/**
 * All facts, of which those that the kinds `ON_DEMAND` tell are read when somebody first looks at them.
 * Cost: all other rows in memory; then a look-up by index for each kind and entity that is looked at.
 */
export function servingSource(parts: ServingParts): FactSource {
  return parts.db.transaction(() => {
    const { collected, facts, finish } = begun(parts.db, parts);
    for (const told of facts) if (told) collected.add(told);
    return finish();
  })();
}

/**
 * The same, with pauses in which others are answered.
 * @param reading is in one read transaction all the while
 * @param pause rejects where nobody waits for the source any more
 */
export async function servingSourceWithPauses(
  reading: Connection,
  parts: ServingParts,
  pause: () => Promise<void>,
): Promise<FactSource> {
  const { collected, facts, finish } = begun(reading, parts);
  for (const told of facts) {
    if (told) collected.add(told);
    else await pause();
  }
  return finish();
}

function begun(reading: Connection, { company, stamp, db, others }: ServingParts) {
  const collected = collecting(company, readRates(reading, company), historyOnDemand(others.part));
  return {
    collected,
    facts: allFacts(reading, company, ON_DEMAND),
    finish(): FactSource {
      const source = collected.source();
      return {
        ...source,
        ids: others.ids,
        // Of somebody of whom nothing else is told, everything is read when asked for.
        history: (of, id) => source.history(of, id) ?? others.history(of, id),
        ...keptWith(db, company, stamp),
      };
    },
  };
}
