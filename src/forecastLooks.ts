import { type LooksAsk, type LooksBack, looksBack } from './looksBack.ts';
import { deal } from './subjects/deal.ts';
import type { Instant } from './time.ts';
import type { FactSource } from './world.ts';

/**
 * When to look back at forecasts of fiscal quarters: each look's quarter is over by `known`.
 * @throws ForesellError of `looksBack`
 */
export function forecastLooks(
  source: FactSource,
  known: Instant,
  ask: LooksAsk,
  flag?: (name: string) => string,
): LooksBack {
  const last = source.company.calendar.quarter(known).from - 1;
  const judged = { last, needs: 'its quarter to be over', late: 'their quarter is not over yet' };
  return looksBack(source, deal, known, judged, ask, flag);
}
