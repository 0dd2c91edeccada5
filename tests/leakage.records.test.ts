import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { type Simulation, simulate, simulatedCompany, simulatedSource } from '../datasets/synthetic.ts';
import { customFeatures, featureSets, snapshot } from '../features/index.ts';
import { normsFor } from '../src/norms.ts';
import { type Column, fieldName, type RecordDeclaration, type RecordKind, records } from '../src/records.ts';
import { DAY, type Instant, knownAfter } from '../src/time.ts';
import { world } from '../src/world.ts';

/**
 * What a company's records say today about a past instant is what the records of that day would have said: rows not yet
 * there, columns filled in late and fields overwritten since then make no difference to any feature.
 */

type Row = Readonly<Record<string, unknown>> & { readonly knownAt: Instant | null };

/** The simulation with its records as they stood at `asOf`, and every overwritten field, but those marked fixed, emptied. */
function asItStood(sim: Simulation, asOf: Instant): Simulation {
  const { calendar, isFixed } = simulatedCompany(sim);
  const later = (at: unknown, row: Row): boolean =>
    typeof at === 'number' && Math.max(knownAfter(at, calendar), row.knownAt ?? at) > asOf;
  const tables = Object.fromEntries(
    (Object.keys(records) as RecordKind[]).map((kind) => {
      const { columns, facts }: RecordDeclaration = records[kind];
      const creation = Object.values(facts).find((fact) => columns[fact.at]!.known === 'fixed');
      const rows = (sim.tables[kind] as unknown as readonly Row[]).filter((row) => {
        if (kind === 'change') return !later(row['at'], row);
        if (!creation) return true;
        if (creation.planned && row.knownAt !== null) return row.knownAt <= asOf;
        return !later(row[fieldName(creation.at, 'time')], row);
      });
      const changing = Object.entries(columns).filter(([name, { known }]) => known !== 'fixed' && !isFixed(kind, name));
      return [kind, rows.map((row) => emptied(row, changing, facts, later))];
    }),
  );
  return { ...sim, tables: tables as unknown as Simulation['tables'] };
}

function emptied(
  row: Row,
  changing: readonly (readonly [string, Column])[],
  facts: RecordDeclaration['facts'],
  later: (at: unknown, row: Row) => boolean,
): Row {
  const cells: Record<string, unknown> = { ...row };
  for (const [name, column] of changing) {
    const reveals = Object.values(facts).find((fact) => fact.at === name || Object.values(fact.fields).includes(name));
    const at = reveals ? row[fieldName(reveals.at, 'time')] : null;
    if (column.known === 'mutable' || at === null || later(at, row)) cells[fieldName(name, column.type)] = null;
  }
  return cells as Row;
}

/** Same value for value; toEqual only tells what differs, being too slow to ask every time. */
function same(got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected)) expect(got).toEqual(expected);
}

test('records as they stood then give the same features and norms as records of today', { timeout: 120_000 }, () => {
  const sim = simulate({ deals: 150, seed: 5 });
  const today = simulatedSource(sim);
  const sets = [
    { of: 'deal', set: [...featureSets.deal, ...customFeatures(today.company)] },
    { of: 'lead', set: featureSets.lead },
    { of: 'account', set: featureSets.churn },
  ] as const;
  const { end } = sim.clock;
  for (const days of [3.3, 40.7, 133.1, 260.9, 400.2, 555.5]) {
    const asOf = end - days * DAY;
    const then = simulatedSource(asItStood(sim, asOf));
    for (const { of, set } of sets) {
      const ids = world(today, asOf).ids(of);
      expect(world(then, asOf).ids(of)).toEqual(ids);
      const rows = ids.slice(0, 80).map((id) => ({ id, asOf }));
      same(snapshot(then, set, rows, of), snapshot(today, set, rows, of));
    }
    same(
      normsFor(then, asOf, (cut) => world(then, cut)),
      normsFor(today, asOf, (cut) => world(today, cut)),
    );
  }
});
