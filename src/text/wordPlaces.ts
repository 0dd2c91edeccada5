import { hash32, mix32 } from '../random.ts';
import { readable } from './normalise.ts';

/** Places that single words are hashed to: 2^16. */
export const WORD_PLACES = 1 << 16;

const segmenter = new Intl.Segmenter('th', { granularity: 'word' });

/**
 * The places of the words of a text, each once, and how many words it has. Words are those of `Intl.Segmenter`, which
 * knows where Thai words end; what is kept is a hash, from which the word is not read back. Cost: some microseconds a word.
 */
export function wordPlaces(text: string): { readonly places: ReadonlySet<number>; readonly words: number } {
  const places = new Set<number>();
  let words = 0;
  for (const { segment, isWordLike } of segmenter.segment(readable(text))) {
    if (!isWordLike) continue;
    words++;
    places.add((mix32(hash32(segment)) >>> 0) % WORD_PLACES);
  }
  return { places, words };
}
