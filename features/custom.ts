import type { Company } from '../src/company.ts';
import { type EntityKind, records } from '../src/records.ts';
import type { Past } from '../src/world.ts';
import { defineFeature, type Feature } from './feature.ts';

/**
 * A feature for each of the company's own columns of the entity (of deals also the account's) that it marked fixed
 * (`deal.product` becomes `deal_custom_product`): a number where the settings list it as numeric, else a category of the words met.
 * Columns with history or without the mark are not offered: nothing says when their value was known.
 */
export function customFeatures(company: Company, of: EntityKind = 'deal'): readonly Feature[] {
  const { fixed, numeric } = company.settings;
  return fixed.flatMap((path) => {
    const [kind, column] = path.split('.');
    if (!column || (kind !== 'deal' && kind !== 'lead' && kind !== 'account')) return [];
    const theirs = kind === of || (of === 'deal' && kind === 'account');
    if (!theirs || Object.hasOwn(records[kind].columns, column)) return [];
    return [customFeature(kind, column, numeric.includes(path))];
  });
}

function customFeature(kind: 'deal' | 'lead' | 'account', column: string, numeric: boolean): Feature {
  const plain = column
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const said = column.replaceAll('_', ' ');
  const value = (past: Past) => (kind === past.of ? past : past.account)?.value(column);
  const base = {
    name: `${kind}_custom_${plain}`,
    unit: 'none' as const,
    says: `The ${kind}'s own column "${column}".`,
    label: { en: said, th: said },
    idea: `${kind} ${plain}`,
  };
  if (!numeric) {
    return defineFeature({
      ...base,
      type: 'category',
      compute: (past) => {
        const word = value(past);
        return word === undefined ? undefined : String(word);
      },
    });
  }
  return defineFeature({
    ...base,
    type: 'number',
    compute: (past) => {
      const number = Number(value(past) ?? Number.NaN);
      return Number.isFinite(number) ? number : Number.NaN;
    },
  });
}
