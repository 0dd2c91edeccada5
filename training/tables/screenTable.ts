import { featuresOfRecipes, type Recipe } from '../../models/table/recipe.ts';
import { type Frame, rowsOf, takeRows } from '../../src/frame.ts';
import { type Drifted, driftScreen } from '../driftScreen.ts';
import { type LeakFinding, leakScreen } from '../leakScreen.ts';
import type { ReadTarget } from './targets.ts';

export interface ScreenFindings {
  /** By feature of the frame. */
  readonly leaks: readonly LeakFinding[];
  readonly drifted: readonly Drifted[];
  /** Columns of the table that are left out, and why. */
  readonly left: readonly { readonly column: string; readonly why: string }[];
  /** For people, of what stays and is to be doubted. */
  readonly notes: readonly string[];
}

/** Rows that are looked at: a column that tells outcomes apart does so in a sample too. */
const MOST_ROWS = 100_000;
/** Classes asked of one by one, the most frequent first. */
const MOST_CLASSES = 6;

/**
 * Screens a table before it is learned from: columns that know the outcome better than they should (`leakScreen`; hard
 * ones are left out, suspects stay with a warning), and, where rows have an order of time, columns whose values moved too
 * far within it (`driftScreen`; left out). `keep` holds columns that stay whatever is found. A target of several classes is
 * asked one class against the rest; an amount by its upper half; a duration by whether it ended, and by
 * the longer half.
 */
export function screenTable(
  whole: Frame,
  recipes: readonly Recipe[],
  target: ReadTarget,
  keep: ReadonlySet<string>,
  inTime: boolean,
): ScreenFindings {
  const columnOf = new Map(
    recipes.flatMap((recipe) => featuresOfRecipes([recipe]).map(({ name }) => [name, recipe.column] as const)),
  );
  const found = new Map<string, LeakFinding>();
  const n = rowsOf(whole);
  const drawn = n > MOST_ROWS ? Int32Array.from({ length: MOST_ROWS }, (_, i) => Math.floor((i * n) / MOST_ROWS)) : undefined; // biome-ignore format: one choice
  const frame = drawn ? takeRows(whole, drawn) : whole;
  for (const all of questions(target)) {
    const event = drawn ? Uint8Array.from(drawn, (row) => all[row]!) : all;
    for (const leak of leakScreen({ X: frame, event, account: frame.ids })) {
      const known = found.get(leak.feature);
      if (!known || (known.severity === 'suspect' && leak.severity === 'hard')) found.set(leak.feature, leak);
    }
  }
  const leaks = [...found.values()];
  const drifted = inTime ? driftScreen(frame) : [];
  const left = new Map<string, string>();
  const notes: string[] = [];
  for (const leak of leaks) {
    const column = columnOf.get(leak.feature)!;
    const what =
      leak.why === 'carries'
        ? `AUC of the columns is ${leak.aucWith?.toFixed(3)} with it and ${leak.aucWithout?.toFixed(3)} without`
        : `alone it tells the outcomes apart (AUC ${leak.auc.toFixed(3)}${leak.aucWith === undefined ? '' : `; of all columns ${leak.aucWith.toFixed(3)} with it and ${leak.aucWithout?.toFixed(3)} without`})`;
    if (leak.severity === 'hard' && !keep.has(column))
      left.set(column, `a leak: ${what}; --keep ${asOption(column)} if it is truly known before the outcome`); // biome-ignore format: one rule
    else if (leak.severity === 'hard') notes.push(`${column} would be left out as a leak (${what}); kept as asked`);
    else
      notes.push(
        `${column} may be a leak: ${what}; check when it is written, --drop ${asOption(column)} if after the outcome`,
      );
  }
  for (const { feature, distance } of drifted) {
    const column = columnOf.get(feature)!;
    const what = `it moved within the time of the table (distance ${distance.toFixed(2)} between the first 70 % and the rest)`;
    if (keep.has(column)) notes.push(`${column}: ${what}; kept as asked`);
    else if (!left.has(column)) left.set(column, `${what}; --keep ${asOption(column)} to learn from it all the same`);
  }
  return { leaks, drifted, left: [...left].map(([column, why]) => ({ column, why })), notes };
}

/** A column as it is named on a command line, where commas part names. */
const asOption = (column: string): string => (column.includes(',') ? `'"${column}"'` : column);

/** The target as questions of yes or no. */
function questions(target: ReadTarget): Uint8Array[] {
  switch (target.task) {
    case 'binary':
      return [target.event];
    case 'duration':
      // A total that grew with the time watched tells the time, whatever it says of the end.
      return [target.cause.map((c) => (c > 0 ? 1 : 0)), upperHalf(target.time)];
    case 'amount':
      return [upperHalf(target.value)];
    case 'class': {
      const counts = new Int32Array(target.classes.length);
      for (const code of target.code) counts[code]!++;
      const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]!).slice(0, MOST_CLASSES);
      return order.map((k) => Uint8Array.from(target.code, (code) => (code === k ? 1 : 0)));
    }
  }
}

function upperHalf(values: Float64Array): Uint8Array {
  const middle = values.slice().sort()[values.length >> 1]!;
  return Uint8Array.from(values, (v) => (v > middle ? 1 : 0));
}
