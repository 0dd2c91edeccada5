/** What the cells of a column look like. */
export interface Shape {
  /** Cells of the sample that hold anything. */
  readonly filled: number;
  readonly isUnique: boolean;
  /** The different values, up to 40; undefined where there are more. */
  readonly words: readonly string[] | undefined;
  /** The form of its times, where all of them fit one; `doubt` where another would fit as well. */
  readonly time: { readonly format: string | undefined; readonly digits?: 'thai'; readonly doubt?: string } | undefined;
  /** How its numbers are written, where all of them are numbers. */
  readonly number: { readonly decimal?: ',' | '.'; readonly digits?: 'thai'; readonly doubt?: string } | undefined;
  readonly isEmail: boolean;
}

const MOST_WORDS = 40;
const THAI_DIGITS = /[๐-๙]/;
const plainDigits = (text: string): string => text.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50));

export function shapeOf(cells: readonly string[]): Shape {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '' && !/^(?:null|n\/a|-)$/i.test(cell));
  const words = new Set(filled);
  return {
    filled: filled.length,
    isUnique: words.size === filled.length && filled.length > 0,
    words: words.size <= MOST_WORDS ? [...words] : undefined,
    time: filled.length ? timeOf(filled) : undefined,
    number: filled.length ? numberOf(filled) : undefined,
    isEmail: filled.length > 0 && filled.every((cell) => /^[^@\s]+@[^@\s]+$/.test(cell)),
  };
}

function timeOf(filled: readonly string[]): Shape['time'] {
  const digits = filled.some((cell) => THAI_DIGITS.test(cell)) ? ({ digits: 'thai' } as const) : {};
  const plain = filled.map(plainDigits);
  const all = (form: RegExp) => plain.every((cell) => form.test(cell));
  if (all(/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}.*)?$/)) return Number(plain[0]!.slice(0, 4)) > 2400 ? { format: 'BBBB-MM-DD', ...digits } : { format: undefined }; // biome-ignore format: one choice
  if (all(/^\d{4}-\d{2}-\d{2}(?:[ T]\d{1,2}:\d{2}.*)?$/)) return { format: 'sql', doubt: 'times without an offset are read in the company’s zone; say zone: UTC if they are' }; // biome-ignore format: one answer
  const span = (least: number, most: number) => plain.every((cell) => Number(cell) >= least && Number(cell) < most);
  if (all(/^\d{10}$/) && span(6e8, 4.1e9)) return { format: 'epoch_s' };
  if (all(/^\d{13}$/) && span(6e11, 4.1e12)) return { format: 'epoch_ms' };
  const compact = /^\d{4}\/\d{1,2}\/\d{1,2}$/;
  if (all(compact)) return { format: plain.every((cell) => /\/\d\d\/\d\d$/.test(cell)) ? 'YYYY/MM/DD' : 'YYYY/M/D', ...digits }; // biome-ignore format: one answer
  const parts = plain.map((cell) => /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?: (\d{1,2}):(\d{2})(:\d{2})?)?$/.exec(cell)); // biome-ignore format: one look
  if (parts.every((part) => part !== null)) return slashed(parts as RegExpExecArray[], digits);
  const named = /^\d{1,2} \S+ (\d{4}|\d{2})$/;
  if (!all(named)) return undefined;
  const years = plain.map((cell) => Number(named.exec(cell)![1]));
  const year = years.every((y) => y > 2400) ? 'BBBB' : years.every((y) => y > 1000) ? 'YYYY' : 'BB';
  return { format: `D MMM ${year}`, ...digits, ...(year === 'BB' ? { doubt: 'the years have two digits: BB is Buddhist, YY common' } : {}) }; // biome-ignore format: one answer
}

/** Days, months and years in figures: which comes first, and of which era. */
function slashed(parts: readonly RegExpExecArray[], digits: { readonly digits?: 'thai' }): Shape['time'] {
  const column = (i: number) => parts.map((part) => Number(part[i]));
  const [first, second, years] = [column(1), column(3), column(4)];
  const dayFirst = first.some((n) => n > 12);
  const monthFirst = second.some((n) => n > 12);
  if (dayFirst && monthFirst) return undefined;
  const wide = (i: number) => parts.every((part) => part[i]!.length === 2);
  const isLong = parts.every((part) => part[4]!.length === 4);
  const buddhist = years.every((y) => y > 2400) || (!isLong && years.every((y) => y >= 60 && y <= 85));
  const year = isLong ? (buddhist ? 'BBBB' : 'YYYY') : buddhist ? 'BB' : 'YY';
  const [day, month] = monthFirst ? [wide(3) ? 'DD' : 'D', wide(1) ? 'MM' : 'M'] : [wide(1) ? 'DD' : 'D', wide(3) ? 'MM' : 'M']; // biome-ignore format: one choice
  const mark = parts[0]![2]!;
  const clocked = parts.filter((part) => part[5] !== undefined);
  if (clocked.length > 0 && (clocked.length < parts.length || parts.some((part) => Boolean(part[7]) !== Boolean(parts[0]![7])))) return undefined; // biome-ignore format: one condition
  const clock = clocked.length === 0 ? '' : ` ${wide(5) ? 'HH' : 'H'}:mm${parts[0]![7] ? ':ss' : ''}`;
  const format = `${monthFirst ? [month, day, year].join(mark) : [day, month, year].join(mark)}${clock}`;
  const doubts = [
    ...(dayFirst || monthFirst ? [] : ['no day is above 12, so day or month may come first; day first is taken']),
    ...(isLong ? [] : [`years of two digits are taken as ${buddhist ? 'Buddhist' : '20xx'}`]),
  ];
  return { format, ...digits, ...(doubts.length ? { doubt: doubts.join('; ') } : {}) };
}

function numberOf(filled: readonly string[]): Shape['number'] {
  const digits = filled.some((cell) => THAI_DIGITS.test(cell)) ? ({ digits: 'thai' } as const) : {};
  const plain = filled.map(plainDigits);
  const all = (form: RegExp) => plain.every((cell) => form.test(cell));
  if (all(/^[+-]?\d+(?:\.\d+)?$/)) return digits;
  const point = all(/^[+-]?\d{1,3}(?:[, ]\d{3})*(?:\.\d+)?$|^[+-]?\d+(?:\.\d+)?$/);
  const comma = all(/^[+-]?\d{1,3}(?:[. ]\d{3})*(?:,\d+)?$|^[+-]?\d+(?:,\d+)?$/);
  if (point && comma) return { decimal: '.', doubt: 'comma or point may part thousands; the point is taken as the decimal mark', ...digits }; // biome-ignore format: one answer
  if (point) return { decimal: '.', ...digits };
  return comma ? { decimal: ',', ...digits } : undefined;
}
