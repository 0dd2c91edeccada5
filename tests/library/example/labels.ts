import { defineLabel } from 'foresell';

/** Will an open deal without a quote get one within 30 days? */
export const quoted = defineLabel({
  name: 'quoted',
  of: 'deal',
  withinDays: 30,
  sides: { positive: 'quoted', negative: 'unquoted' },
  state: (past) => {
    const quote = past.all('quoteLine')[0];
    return quote ? { is: 'ended', as: 'quoted', at: quote.at } : { is: 'open' };
  },
  ending: (_past, future) => future.all('quoteLine')[0],
});
