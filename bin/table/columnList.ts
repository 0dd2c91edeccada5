/**
 * Names of columns in one text, separated by commas; one that has a comma itself stands in quotes, as in CSV:
 * `a,"b, c"` is a and `b, c`. Blanks around names are not part of them.
 */
export function columnList(text: string): string[] {
  const parts = text.match(/\s*(?:"(?:[^"]|"")*"[^,]*|[^,]*)(?:,|$)/g) ?? [];
  return parts
    .map((part) => part.replace(/,$/, '').trim())
    .map((name) => (/^".*"$/s.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name))
    .filter((name) => name !== '');
}
