import { englishTone } from './englishTone.ts';
import { hasher, type Language } from './hashing.ts';
import { intentsOf } from './intents.ts';
import { type LinearReader, probabilities } from './linear.ts';
import { readable } from './normalise.ts';

/** What is kept of a message's words: numbers, never the words. */
export interface Reading {
  /** -1 (dislikes) to 1 (likes), in steps of .001; null where there are no words. */
  readonly sentiment: number | null;
  /** Bits of `INTENTS`; null where there are no words. */
  readonly intents: number | null;
}
export type ReadMessage = (text: string | null | undefined, language?: Language) => Reading;

/** Raised whenever the same words may read differently; rows read by another version are read again. */
export const READER_VERSION = 1;

const NOTHING: Reading = { sentiment: null, intents: null };

/** Thai where a fifth of its letters are: Thai people write names of products in English. */
export function languageOf(text: string): Language {
  let thai = 0;
  let latin = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x0e01 && code <= 0x0e2e) thai++;
    else if (code >= 97 && code <= 122) latin++;
  }
  return thai > 0 && thai * 4 >= latin ? 'th' : 'en';
}

/**
 * A reader of messages, Thai by a linear model and English by a list of words.
 *
 * The Thai model learned from what people wrote about products on social media, the English words are those of
 * everyday praise and complaint: that they say the same in mail to a seller is an assumption, which the model of deals
 * tests, since it learns from a company's own outcomes what these numbers are worth, if anything.
 *
 * `sentiment` is P(pos) - P(neg) of the Thai classes (neutral and question say neither), or the English tone. The text
 * is read and never obeyed; a word repeated counts once; at most 4,000 characters are read. Cost: some 40 microseconds
 * for 40 characters.
 */
export function messageReader(thai: LinearReader): ReadMessage {
  const hash = hasher('th');
  const p = new Float64Array(thai.classes.length);
  const [likes, dislikes] = [thai.classes.indexOf('pos'), thai.classes.indexOf('neg')];
  return (text, language) => {
    if (!text) return NOTHING;
    const words = readable(text);
    if (words === '') return NOTHING;
    const spoken = language ?? languageOf(words);
    let sentiment: number;
    if (spoken === 'th') {
      probabilities(thai, hash(words), p);
      sentiment = p[likes]! - p[dislikes]!;
    } else sentiment = englishTone(words);
    return { sentiment: Math.round(sentiment * 1000) / 1000 + 0, intents: intentsOf(words, spoken) };
  };
}
