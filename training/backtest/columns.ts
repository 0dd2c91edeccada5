import type { Feature } from '../../features/feature.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Subject } from '../../src/subjects/index.ts';
import type { Instant } from '../../src/time.ts';
import { type FactSource, type Past, world } from '../../src/world.ts';
import type { Cell, Rival } from './rivals.ts';

/** Which columns of the company's own are compared with. */
export interface ColumnsAsk {
  /** `kind.column` of a score from another program. */
  readonly incumbent?: string | undefined;
  /** `kind.column` of what the reps say: a percentage or a category. Absent: what is found. */
  readonly rep?: string | undefined;
}

/** Looked for, in this order, where no column of the reps is named. */
const REP_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  deal: ['deal.probability', 'deal.forecast_category'],
};

/** Reads `kind.column` of the entity itself or of its account, as known at the look. Text that is a number is one. */
export function columnReader(path: string, subject: Subject, flag: string): (past: Past) => Cell {
  const [kind, ...rest] = path.split('.');
  const column = rest.join('.');
  const kinds = subject.of === 'account' ? ['account'] : [subject.of, 'account'];
  if (!kind || !column || !kinds.includes(kind)) {
    throw new ForesellError(
      'column-unknown',
      `${flag} ${path}: expected ${kinds.map((k) => `${k}.COLUMN`).join(' or ')}, as ${kinds[0]}.score`,
      { path: flag },
    );
  }
  return (past) => {
    const value = (past.of === kind ? past : past.account)?.value(column);
    if (typeof value !== 'string') return value;
    const number = Number(value);
    return value.trim() !== '' && Number.isFinite(number) ? number : value;
  };
}

/**
 * The rivals there are in these records: the share by stage (source, industry), what the reps say, another program's score
 * where one is named, and the base rate last.
 * @throws ForesellError `backtest-no-history` where a named column has no value known at any of the origins
 */
export function rivalsOf(
  source: FactSource,
  subject: Subject,
  origins: readonly Instant[],
  plain: Feature | undefined,
  ask: ColumnsAsk,
): Rival[] {
  const rivals: Rival[] = [];
  const word = plain?.idea ?? '';
  if (plain?.type === 'category') {
    const label = `the ${word} percentage`;
    const says = `the share of past looks at the same ${word} that ended so, decided by then, drawn to the share of all by 20 looks`;
    rivals.push({ name: 'plainPercentage', label, says, percentage: false, cell: (past) => plain.compute(past) });
  }
  const reps = ask.rep === undefined ? (REP_COLUMNS[subject.of] ?? []) : [ask.rep];
  for (const path of reps) {
    const cell = columnReader(path, subject, '--rep');
    const values = valuesOf(source, subject, origins, cell);
    if (values.length === 0) {
      if (ask.rep !== undefined) throw noHistory('--rep', path, source, subject, origins);
      continue;
    }
    const percentage = values.every((value) => typeof value === 'number');
    const name = path.slice(path.indexOf('.') + 1).replaceAll('_', ' ');
    rivals.push({
      name: 'rep',
      label: `your reps' ${name}`,
      says: percentage
        ? `the number the rep had entered by then, as a percentage (held within 1 and 99 %); within the horizon, what such numbers had come to`
        : `the share of past looks with the same ${name} that ended so, decided by then`,
      ...{ percentage, cell },
    });
    break;
  }
  if (ask.incumbent !== undefined) {
    const cell = columnReader(ask.incumbent, subject, '--incumbent');
    if (valuesOf(source, subject, origins, cell).length === 0) throw noHistory('--incumbent', ask.incumbent, source, subject, origins); // biome-ignore format: one check
    rivals.push({
      name: 'incumbent',
      label: `the score in ${ask.incumbent}`,
      says: 'its value as recorded by then, turned into a probability by a logistic law (words: by shares) learned from what such values had come to before, so that only its knowledge is compared and not its scale',
      ...{ percentage: false, cell },
    });
  }
  rivals.push({
    name: 'baseRate',
    label: 'the base rate',
    says: 'the share of all past looks that ended so, decided by then',
    ...{ percentage: false, cell: () => '' },
  });
  return rivals;
}

/** Values of the first and last origins, enough to see whether a column is there and of what kind. */
function valuesOf(source: FactSource, subject: Subject, origins: readonly Instant[], cell: (past: Past) => Cell) {
  const values: (string | number)[] = [];
  for (const at of new Set([origins[0]!, origins[Math.floor(origins.length / 2)]!, origins.at(-1)!])) {
    const then = world(source, at);
    for (const id of then.ids(subject.of)) {
      const past = then.past(subject.of, id);
      const value = subject.state(past).is === 'open' ? cell(past) : undefined;
      if (value !== undefined) values.push(value);
    }
  }
  return values;
}

function noHistory(flag: string, path: string, source: FactSource, subject: Subject, origins: readonly Instant[]) {
  const then = world(source, origins.at(-1)!);
  const fields = new Set<string>();
  for (const id of then.ids(subject.of)) for (const { field } of then.past(subject.of, id).all('change')) fields.add(field); // biome-ignore format: one scan
  const known = [...fields].sort().map((field) => `${subject.of}.${field}`);
  return new ForesellError(
    'backtest-no-history',
    `${flag} ${path}: no open ${subject.noun.one} had a value that was known then, so nobody can say what it said; export its history in changes.csv (kind, id, at, field, old_value, new_value), or name one of ${known.join(', ') || 'the columns with history (there is none)'}`,
    { path: flag },
  );
}
