import { gunzipSync } from 'node:zlib';

/** A purchase of the CDNOW cohort: day since the epoch, dollars. */
export interface CdnowCustomer {
  readonly id: string;
  readonly purchases: readonly { readonly day: number; readonly value: number }[];
}

/**
 * Reads a CDNOW file (columns by blanks, with or without header, gzip): the master has id, date, CDs, dollars; the
 * sample has its own id before the date. Dates are yyyymmdd. Cost: one pass.
 */
export function readCdnow(bytes: Uint8Array): CdnowCustomer[] {
  const customers = new Map<string, { day: number; value: number }[]>();
  for (const line of gunzipSync(bytes).toString('utf8').split('\n')) {
    const cells = line.trim().split(/\s+/);
    if (!/^\d+$/.test(cells[0]!)) continue;
    const [id, date, , dollars] = cells.slice(-4) as [string, string, string, string];
    const day = Date.UTC(+date.slice(0, 4), +date.slice(4, 6) - 1, +date.slice(6, 8)) / 86_400_000;
    const own = customers.get(id);
    if (own) own.push({ day, value: Number(dollars) });
    else customers.set(id, [{ day, value: Number(dollars) }]);
  }
  return [...customers].map(([id, purchases]) => ({ id, purchases }));
}

/** The last day of calibration in the published study, 1997-09-30. */
export const CDNOW_UNTIL = Date.UTC(1997, 8, 30) / 86_400_000;
