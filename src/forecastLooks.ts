import { type LooksAsk, type LooksBack, looksBack } from './looksBack.ts';
import { type PeriodKind, periodAt } from './periods.ts';
import { deal } from './subjects/deal.ts';
import type { Instant } from './time.ts';
import type { FactSource } from './world.ts';

/**
 * When to look back at forecasts of periods of a kind: each look's period is over by `known`.
 * @throws ForesellError of `looksBack`
 */
export function forecastLooks(
  source: FactSource,
  known: Instant,
  ask: LooksAsk,
  flag?: (name: string) => string,
  kind: PeriodKind = 'quarter',
): LooksBack {
  const last = periodAt(source.company.calendar, kind, known).from - 1;
  const judged = { last, needs: `its ${kind} to be over`, late: `their ${kind} is not over yet` };
  return looksBack(source, deal, known, judged, ask, flag);
}
