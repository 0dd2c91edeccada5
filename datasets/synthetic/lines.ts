/** RFC 4180 with LF: a cell is quoted where it holds a comma, a quote or a line end. */
export function csv(headers: readonly string[], rows: number, row: (i: number) => readonly string[]): string {
  const lines = [headers.join(',')];
  for (let i = 0; i < rows; i++) lines.push(row(i).map(cell).join(','));
  return `${lines.join('\n')}\n`;
}

const QUOTED = /[",\r\n]/;
export const cell = (text: string): string => (QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
