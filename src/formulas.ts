const STARTS = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * Text that a spreadsheet does not run: what begins with one of = + - @, a tab or a carriage return (also in their wide
 * forms) gets an apostrophe in front, since names and words in our exports come from outside. Numbers told as text stay.
 */
export function withoutFormula(text: string): string {
  return STARTS.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
}
