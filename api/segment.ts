import { quantileSorted } from 'simple-statistics';
import type { Column, EntityKind } from '../src/records.ts';
import type { Subject } from '../src/subjects/index.ts';
import { DAY } from '../src/time.ts';
import type { Past, World } from '../src/world.ts';

/** Why a hypothetical value is to be read with care. */
export interface Warning {
  readonly code: 'outOfRange' | 'rarelySeen' | 'fewAlike';
  readonly field: string;
  /** Of `low` and `high`: minor units of the record's currency, or days ahead. */
  readonly unit: 'money' | 'days' | 'none';
  /** Of numbers: what 90 % of those alike lie between; null of words, and where too few are alike. */
  readonly low: number | null;
  readonly high: number | null;
  /** How many alike there are; of words, how many had that word. */
  readonly alike: number;
}

/** Fewer than these say nothing of a range; a word of fewer was hardly learned. */
const ENOUGH_ALIKE = 20;
const ENOUGH_OF_WORD = 10;

interface Segment {
  /** Sorted numbers of each group, and how many ever had a word. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
  readonly words: ReadonlyMap<string, number>;
}
const kept = new WeakMap<World, Map<string, Segment>>();

/** Deals of one pipeline and currency are alike; of others all are. */
function groupOf(past: Past): string {
  const created = past.of === 'deal' ? past.last('deal') : undefined;
  return created ? `${created.pipeline ?? ''}|${created.currency ?? ''}` : '';
}

/** As the range is measured: dates by how far ahead they lie. */
const measured = (value: number, column: Column, past: Past): number =>
  column.type === 'time' ? (value - past.asOf) / DAY : value;

function segmentOf(then: World, subject: Subject, field: string, column: Column): Segment {
  let of = kept.get(then);
  if (!of) kept.set(then, (of = new Map()));
  const key = `${subject.model} ${field}`;
  let found = of.get(key);
  if (!found) of.set(key, (found = scan(then, subject, field, column)));
  return found;
}

function scan(then: World, subject: Subject, field: string, column: Column): Segment {
  const numbers = new Map<string, number[]>();
  const words = new Map<string, number>();
  for (const id of then.ids(subject.of as EntityKind)) {
    const past = then.past(subject.of, id);
    const value = past.value(field);
    if (typeof value === 'number') {
      // Where a promised date lies ahead of a deal that has ended says nothing.
      if (column.type === 'time' && subject.state(past).is !== 'open') continue;
      const group = groupOf(past);
      const list = numbers.get(group);
      if (list) list.push(measured(value, column, past));
      else numbers.set(group, [measured(value, column, past)]);
      continue;
    }
    const had = past.all('change').filter((change) => change.field === field && change.value !== null);
    for (const word of new Set(had.map((change) => String(change.value)))) words.set(word, (words.get(word) ?? 0) + 1);
  }
  return { numbers: new Map([...numbers].map(([group, list]) => [group, Float64Array.from(list).sort()])), words };
}

/**
 * What to know of a value that one is given in thought: whether it lies between the 5th and the 95th percentile of those
 * alike, as known then; of a word, whether enough ever had it. Undefined = nothing. Cost: one look at all records, once
 * a moment and field.
 */
export function warningOf(
  then: World,
  subject: Subject,
  past: Past,
  field: string,
  column: Column,
  value: number | string,
): Warning | undefined {
  const { numbers, words } = segmentOf(then, subject, field, column);
  if (typeof value === 'string') {
    const alike = words.get(value) ?? 0;
    if (alike >= ENOUGH_OF_WORD) return undefined;
    return { code: 'rarelySeen', field, unit: 'none', low: null, high: null, alike };
  }
  const sorted = numbers.get(groupOf(past)) ?? new Float64Array(0);
  const alike = sorted.length;
  const unit = column.type === 'money' ? 'money' : column.type === 'time' ? 'days' : 'none';
  if (alike < ENOUGH_ALIKE) return { code: 'fewAlike', field, unit, low: null, high: null, alike };
  const list = Array.from(sorted);
  const [low, high] = [quantileSorted(list, 0.05), quantileSorted(list, 0.95)];
  const x = measured(value, column, past);
  return x >= low && x <= high ? undefined : { code: 'outOfRange', field, unit, low, high, alike };
}

/** The words that a field has had, sorted: what may be chosen where the company defined no list. */
export const wordsOf = (then: World, subject: Subject, field: string, column: Column): readonly string[] =>
  [...segmentOf(then, subject, field, column).words.keys()].sort();
