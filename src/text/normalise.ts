/**
 * The words of a message as the readers see them.
 *
 * Messages come from strangers: mark-up is dropped, nothing in them is obeyed, and whatever is beyond `MAX_READ`
 * characters is not read, which bounds the cost of one message.
 */

/** The longest part of a message that is read, in UTF-16 units: its beginning, where people say what they want. */
export const MAX_READ = 4_000;

/** What is looked at for mark-up at most: a mail's styles come before its words. */
const MAX_RAW = 65_536;
const HIDDEN = /<(style|script|head|title)\b[^<>]{0,500}>[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)/gi;
/** Words that a reader never sees are there to be read by programs. */
const UNSEEN =
  /<(\w+)\b[^<>]{0,500}(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|\shidden(?=[\s>=]))[^<>]{0,500}>[\s\S]*?(?:<\/\1\s*>|$)/gi;
const BREAK = /<\/?(?:br|p|div|li|tr|td|h[1-6]|blockquote)\b[^<>]{0,500}>/gi;
const TAG = /<\/?[a-z][^<>]{0,500}>/gi;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(nbsp|amp|lt|gt|quot|apos));/gi;
const NAMED: Readonly<Record<string, string>> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The part of a message that readers are given: its writer's own words, without mark-up, in one spelling. */
export const readable = (text: string): string =>
  withoutStutter(normalise(ownWords(withoutMarkup(text.length > MAX_RAW ? text.slice(0, MAX_RAW) : text)))).slice(
    0,
    MAX_READ,
  );

/** A word said again and again is said twice: a message is not made long, or Thai, by one word. */
function withoutStutter(text: string): string {
  const words = text.split(' ');
  const kept = words.filter((word, i) => i < 2 || word !== words[i - 1] || word !== words[i - 2]);
  return kept.length === words.length ? text : kept.join(' ');
}

/** Text without HTML: tags, comments, styles, scripts and hidden parts dropped, entities as characters. */
export function withoutMarkup(text: string): string {
  if (!text.includes('<') && !text.includes('&')) return text;
  return text
    .replace(HIDDEN, ' ')
    .replace(UNSEEN, ' ')
    .replace(BREAK, '\n')
    .replace(TAG, '')
    .replace(ENTITY, (_, decimal?: string, hex?: string, name?: string) => {
      if (name) return NAMED[name.toLowerCase()]!;
      const code = decimal ? Number(decimal) : Number.parseInt(hex!, 16);
      return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
    });
}

/** What the writer answers to is somebody else's message: quoted lines and all that follows a reply's header. */
const REPLY = /^(?:-{2,} ?(?:original message|forwarded message)|on .{4,120} wrote:|_{10,}|from: .{1,200}\r?$)/im;
const QUOTED = /^>.*$/gm;

/** The writer's own words, without the messages quoted below or between them. */
export function ownWords(text: string): string {
  const reply = REPLY.exec(text);
  const own = reply && reply.index > 0 ? text.slice(0, reply.index) : text;
  return own.includes('>') ? own.replace(QUOTED, '') : own;
}

const INVISIBLE = /[\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF\u00AD]/g;
const LINK = /(?:https?:\/\/|www\.)\S+/g;
const MAIL = /[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+/g;
const LAUGH = /5{3,}\+*/g;
const RUN = /(.)\1{2,}/gu;

/**
 * One spelling for what looks alike: NFC; sara am written as two marks, and sara ae as two sara e, joined; invisible
 * characters dropped; lower case; Thai digits as 0-9 and then every digit as 0 (but 555, which laughs, stays); links and
 * addresses as one letter; a character repeated three times or more twice; white space as single blanks, lines as \n.
 */
export function normalise(text: string): string {
  return text
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(/\u0E4D([\u0E48-\u0E4B]?)\u0E32/g, '$1\u0E33')
    .replace(/\u0E40\u0E40/g, '\u0E41')
    .toLowerCase()
    .replace(/[\u0E50-\u0E59]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0x0e50 + 48))
    .replace(LINK, ' \uE000 ')
    .replace(MAIL, ' \uE001 ')
    .replace(LAUGH, '\uE002')
    .replace(/\d/g, '0')
    .replace(RUN, '$1$1')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\s]*/g, '\n')
    .trim();
}
