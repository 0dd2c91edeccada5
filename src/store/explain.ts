import { ForesellError } from '../errors.ts';

/** SQLite's own words for what an operator can mend. */
const known: Readonly<Record<string, { code: string; status: number; says: string }>> = {
  SQLITE_BUSY: { code: 'database-busy', status: 503, says: 'another process is writing; try again when it has ended' },
  SQLITE_FULL: { code: 'disk-full', status: 507, says: 'the disk is full; free some space and try again' },
  SQLITE_READONLY: {
    code: 'database-readonly',
    status: 503,
    says: 'the file may not be written; check its permissions',
  },
  SQLITE_CANTOPEN: {
    code: 'database-readonly',
    status: 503,
    says: 'the file or its log beside it cannot be opened; check that its folder may be written',
  },
  SQLITE_IOERR: { code: 'disk-failed', status: 503, says: 'the disk failed or is full; nothing was acknowledged' },
  SQLITE_CORRUPT: { code: 'database-damaged', status: 500, says: 'the file is damaged; restore the backup' },
};

/** What an error of the database says without naming the file, for those who are not to know where it lies. */
export const saidApart = (code: string): string | undefined =>
  Object.values(known).find((one) => one.code === code)?.says;

const UNWRITTEN: ReadonlySet<string> = new Set(['database-busy', 'database-readonly', 'disk-full', 'disk-failed']);

/** Whether something was not written for a reason that passes or is mended from outside: what need not be written goes without. */
export function isUnwritten(error: unknown): boolean {
  const told = explained('', error);
  return told instanceof ForesellError && UNWRITTEN.has(told.code);
}

/** Turns a failure of the database into an error that says what to do; anything else passes as it is. */
export function explained(path: string, error: unknown): unknown {
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error;
  const found = Object.entries(known).find(([name]) => code === name || code.startsWith(`${name}_`))?.[1];
  if (!found) return error;
  return new ForesellError(found.code, `${path}: ${found.says}`, {
    blame: 'failure',
    status: found.status,
    cause: error,
  });
}
