import { defineFeature, defineLabel } from 'foresell';
import { expect, test } from 'vitest';

/** What the compiler must refuse; nothing here is run but the definitions, which give back what they are given. */
test('definitions that lack something do not compile', () => {
  const words = { label: { en: 'x', th: 'x' }, idea: 'x', says: 'x' };
  const number = { name: 'x', type: 'number', unit: 'count' } as const;
  const whole = defineFeature({ of: 'lead', ...number, ...words, compute: (past) => past.all('activity').length });
  expect(whole.name).toBe('x');
  const { label: _label, ...wordless } = words;
  // @ts-expect-error a feature without words to name it by
  defineFeature({ of: 'deal', ...number, ...wordless, compute: () => 1 });
  // @ts-expect-error a feature in one language
  defineFeature({ of: 'deal', ...number, ...words, label: { en: 'x' }, compute: () => 1 });
  // @ts-expect-error a feature of nobody
  defineFeature({ ...number, ...words, compute: () => 1 });
  // @ts-expect-error a number that is a word
  defineFeature({ of: 'deal', ...number, ...words, compute: () => 'one' });
  // @ts-expect-error a feature that asks for the future
  defineFeature({ of: 'deal', ...number, ...words, compute: (past) => past.future.length });

  const plain = defineLabel({
    name: 'x',
    of: 'account',
    withinDays: 30,
    ending: (_, future) => future.all('order')[0],
  });
  expect(plain.withinDays).toBe(30);
  // @ts-expect-error a label without a horizon
  defineLabel({ name: 'x', of: 'account', ending: () => undefined });
  // @ts-expect-error an ending that does not say when it was known
  defineLabel({ name: 'x', of: 'account', withinDays: 30, ending: (past) => ({ at: past.asOf }) });
});
