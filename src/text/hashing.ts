/** Places that words and letters are hashed to: 2^17. */
export const BITS = 17;
export const PLACES = 1 << BITS;

/** What a text is made of: `size` places, each once, and their weights, whose squares sum to 1. Valid until the next text. */
export interface Hashed {
  readonly size: number;
  readonly places: Int32Array;
  readonly values: Float32Array;
}

export type Language = 'th' | 'en';

/** Runs of 1 to 4 letters: single ones are what an emoji or a question mark is. */
const LETTERS = 4;
/** A word or a pair of words counts twice what a run of letters does: chosen on training data, as everything here. */
const WORD = 2;
/** The longest piece given to the segmenter, whose cost grows faster than the length. */
const PIECE = 1_000;
const MOST = 1 << 16;
const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const BLANK = 32;
const LINE = 10;
// What keeps a pair of letters, a word, a pair of words and a length apart that have the same hash.
const AS_WORD = 0x5bd1e995;
const AS_PAIR = 0x27d4eb2f;
const AS_LENGTH = 0x165667b1;

/** FNV-1a spread over the places by the finalizer of MurmurHash3. */
const placeOf = (hash: number, seed: number): number => {
  let x = Math.imul(hash ^ seed, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> (32 - BITS);
};

/**
 * A maker of features from normalised text (`normalise.ts`): words and pairs of neighbouring words, runs of 1 to 4
 * letters across words, and the length (in steps of a factor of the root of 2), hashed to `PLACES`. What occurs often
 * counts once, so that repeating a word changes little; the vector has length 1.
 *
 * Words are those of `Intl.Segmenter`, which knows where Thai words end; they depend on the ICU of the runtime, letters
 * do not. Cost: about 20 microseconds for 40 characters. Its buffers are used again for the next text, so read
 * one result before asking for another. At most 65,536 features are kept.
 */
export function hasher(language: Language): (text: string) => Hashed {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  const met = new Uint8Array(PLACES);
  const places = new Int32Array(MOST);
  const values = new Float32Array(MOST);
  let size = 0;

  const note = (place: number): void => {
    if (met[place] === 1 || size === MOST) return;
    met[place] = 1;
    places[size++] = place;
  };

  const letters = (text: string): void => {
    const last = text.length + 1; // a blank before and after
    for (let i = 0; i <= last; i++) {
      let hash = BASIS;
      const to = Math.min(last, i + LETTERS - 1);
      for (let j = i; j <= to; j++) {
        const code = j === 0 || j === last ? BLANK : text.charCodeAt(j - 1);
        hash = Math.imul(hash ^ (code === LINE ? BLANK : code), PRIME);
        note(placeOf(hash, j - i + 1));
      }
    }
  };

  const words = (piece: string): void => {
    let before = 0;
    for (const { segment } of segmenter.segment(piece)) {
      const first = segment.charCodeAt(0);
      if (first === BLANK || first === LINE) continue;
      let hash = BASIS;
      for (let i = 0; i < segment.length; i++) hash = Math.imul(hash ^ segment.charCodeAt(i), PRIME);
      note(placeOf(hash, AS_WORD));
      note(placeOf(Math.imul(hash ^ before, PRIME), AS_PAIR));
      before = hash;
    }
  };

  return (text) => {
    size = 0;
    note(placeOf(Math.floor(2 * Math.log2(text.length + 1)), AS_LENGTH));
    letters(text);
    const ofLetters = size;
    for (const piece of pieces(text)) words(piece);
    const norm = Math.sqrt(ofLetters + WORD * WORD * (size - ofLetters));
    for (let i = 0; i < size; i++) {
      met[places[i]!] = 0;
      values[i] = (i < ofLetters ? 1 : WORD) / norm;
    }
    return { size, places, values };
  };
}

/** Text in pieces of at most `PIECE` characters, cut at lines, else at blanks, else anywhere. */
export function* pieces(text: string): Generator<string> {
  let from = 0;
  while (text.length - from > PIECE) {
    let cut = text.lastIndexOf('\n', from + PIECE);
    if (cut <= from) cut = text.lastIndexOf(' ', from + PIECE);
    if (cut <= from) cut = from + PIECE;
    yield text.slice(from, cut);
    from = cut;
  }
  yield text.slice(from);
}
