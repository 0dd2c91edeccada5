import type { FactOf } from '../records.ts';
import type { Past } from '../world.ts';

const NONE = '-';

/** The lines of the newest quote. */
export function newestQuote(past: Past): readonly FactOf<'quoteLine'>[] {
  const lines = past.all('quoteLine');
  const last = lines.at(-1);
  return last ? lines.filter((line) => line.quoteId === last.quoteId) : [];
}

/** The quoted line that weighs most: by list value, else the first. */
export function mainLine(lines: readonly FactOf<'quoteLine'>[]): FactOf<'quoteLine'> | undefined {
  const value = (line: FactOf<'quoteLine'>) => (line.listPriceMinor ?? line.unitPriceMinor ?? 0) * (line.quantity ?? 1);
  let main: FactOf<'quoteLine'> | undefined;
  for (const line of lines) if (!main || value(line) > value(main)) main = line;
  return main;
}

/**
 * Names of the groups of deals like this one, from wide to narrow: main product family; with size (amounts within a
 * factor of 4, in the deal's currency); with the account's industry. What is not known is a group of its own.
 */
export function similarKeys(past: Past): readonly [string, string, string] {
  const product = mainLine(newestQuote(past))?.productId;
  const family = (product ? past.product(product)?.last('product')?.family : undefined) ?? NONE;
  const amount = past.value('amount');
  const size =
    typeof amount === 'number' && amount > 0
      ? `${past.last('deal')?.currency ?? ''}${Math.floor(Math.log2(amount) / 2)}`
      : NONE;
  const industry = past.account?.last('account')?.industry ?? NONE;
  return [`1|${family}`, `2|${family}|${size}`, `3|${family}|${size}|${industry}`];
}
