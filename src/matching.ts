const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF\u00AD]/g;
const SARA_AM = /\u0E4D([\u0E48-\u0E4B]?)\u0E32/g;
/** A tone mark typed before the vowel above or below its consonant, where it is written after it. */
const TONE_FIRST = /([\u0E48-\u0E4B])([\u0E31\u0E34-\u0E3A])/g;
const THAI_DIGIT = /[\u0E50-\u0E59]/g;
const PLAIN = /^(?:[\x21-\x7E]+(?: [\x21-\x7E]+)*)?$/;

/**
 * What two spellings of one name have in common: by this they are matched, while each text is kept as it came.
 * Compatibility forms (NFKC), the two spellings of sara am, tone marks typed before their vowel, invisible characters
 * (zero width space, direction marks, soft hyphen), Thai digits and white space count as the same; letters' case does not.
 */
export function matchKey(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(INVISIBLE, '')
    .replace(TONE_FIRST, '$2$1')
    .replace(SARA_AM, '$1\u0E33')
    .normalize('NFKC')
    .replace(/\u0E4D([\u0E48-\u0E4B]?)\u0E32/g, '$1\u0E33') // NFKC takes the joined form apart
    .replace(/([\u0E48-\u0E4B])\u0E4D\u0E32/g, '$1\u0E33')
    .replace(THAI_DIGIT, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x0e50 + 48))
    .replace(/\s+/g, ' ')
    .trim();
}
