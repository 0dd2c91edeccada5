import { numberOf } from '../../src/connectors/columns.ts';

const DECIMAL = /^[-+]?[\d.]+$/;
const YES_OR_NO = /^(?:true|false)$/i;

/**
 * What a word says, however it is typed: 2 of a program is "2.0" of a file, false is "FALSE". Only decimals that a double
 * holds whole are quantities: 1E2 is a code of its own, and long numbers of accounts differ where their doubles do not.
 */
function meaningOf(word: string): number | string | undefined {
  if (YES_OR_NO.test(word)) return word.toLowerCase();
  const value = DECIMAL.test(word) ? numberOf(word) : Number.NaN;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** Finds the level that a word, which is none itself, means; undefined where none does, or more than one. */
export function levelLike(levels: Iterable<string>): (word: string) => string | undefined {
  const of = new Map<number | string, string | undefined>();
  for (const level of levels) {
    const meaning = meaningOf(level);
    if (meaning !== undefined) of.set(meaning, of.has(meaning) ? undefined : level);
  }
  return (word) => {
    const meaning = meaningOf(word);
    return meaning === undefined ? undefined : of.get(meaning);
  };
}
