import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { ScoredRow } from './share.ts';

/**
 * What has been scored so far, in a file beside the one that it is for: a run that was stopped goes on where it was. The
 * first line says what it is of; rows of anything else are of no use, and are dropped.
 * @param of what must be alike for the rows to be of use
 */
export function journal(file: string, of: unknown) {
  const path = `${file}.scored`;
  const head = `${JSON.stringify(of)}\n`;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1); // the last line may have been cut off
  const rows: ScoredRow[] = [];
  if (whole.startsWith(head)) {
    for (const line of whole.slice(head.length).split('\n')) if (line) rows.push(JSON.parse(line) as ScoredRow);
    truncateSync(path, Buffer.byteLength(whole));
  } else writeFileSync(path, head);
  return {
    /** Rows of earlier runs, then of this one. */
    rows: rows as readonly ScoredRow[],
    add(more: readonly ScoredRow[]): void {
      appendFileSync(path, more.map((row) => `${JSON.stringify(row)}\n`).join(''));
      for (const row of more) rows.push(row);
    },
    remove: (): void => rmSync(path, { force: true }),
  };
}
