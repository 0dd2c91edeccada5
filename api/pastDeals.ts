import type { PastDeal } from '../models/forecast/newBusiness.ts';
import { dealState, firstKnown } from '../src/subjects/deal.ts';
import type { World } from '../src/world.ts';
import type { Convert } from './pipeline.ts';

const kept = new WeakMap<World, { readonly convert: Convert; readonly deals: PastDeal[] }>();

/** Every deal as known at a look, with how it ended and what it was won for; worked out once a look. */
export function pastDeals(then: World, convert: Convert): readonly PastDeal[] {
  const known = kept.get(then);
  if (known?.convert === convert) return known.deals;
  const base = then.company.settings.base_currency;
  const deals = then.ids('deal').flatMap((id): PastDeal[] => {
    const past = then.past('deal', id);
    const created = firstKnown(past.all('deal'));
    if (!created) return [];
    const close = dealState(past) === 'open' ? undefined : past.last('closed');
    const booked = close?.amountMinor ?? undefined;
    const minor = booked === undefined ? undefined : convert(booked, close!.currency ?? base, close!.at);
    const won = close?.outcome === 'won';
    return [{ createdAt: created.at, closedAt: close?.at, won, amountMinor: minor ?? Number.NaN }];
  });
  kept.set(then, { convert, deals });
  return deals;
}
