import type { Segment } from '../models/promotion/checks.ts';
import type { Frame, FrameColumn } from '../src/frame.ts';

/** What a company parts its business by, where the frame has it: words by their most frequent levels, numbers by thirds. */
const WORDS = [
  'stage_current',
  'deal_pipeline',
  'lead_source',
  'account_industry',
  'account_region',
  'contract_family',
];
const NUMBERS = ['amount_current', 'account_won_count_365d', 'contract_amount_monthly', 'contract_tenure_days'];
const MOST_LEVELS = 8;

/**
 * Parts of the rows in which a version must not be worse: stage or source, industry, region, thirds of age and amount, new
 * and old customers. Each row is in one segment of each column at most.
 * @param age the clock of the hazards
 */
export function segmentsOf({ columns }: Frame, age: string): Segment[] {
  return [...WORDS, age, ...NUMBERS].flatMap((name) => {
    const column = columns.get(name);
    return column === undefined
      ? []
      : column.type === 'category'
        ? byLevel(name, column)
        : byThird(name, column.values);
  });
}

function byLevel(name: string, { codes, levels }: FrameColumn & { readonly type: 'category' }): Segment[] {
  const rows = levels.map((): number[] => []);
  for (const [row, code] of codes.entries()) if (code >= 0) rows[code]!.push(row);
  return rows
    .map((of, code) => ({ name: `${name} = ${levels[code]!}`, rows: of }))
    .filter((segment) => segment.rows.length > 0)
    .sort((a, b) => b.rows.length - a.rows.length || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_LEVELS);
}

/** Thirds by count; equal values stay together, so that there may be fewer. */
function byThird(name: string, values: Float64Array): Segment[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return [];
  const [low, high] = [sorted[Math.floor(sorted.length / 3)]!, sorted[Math.floor((2 * sorted.length) / 3)]!];
  const parts: [string, (value: number) => boolean][] = [
    [`${name} <= ${shown(low)}`, (value) => value <= low],
    [`${name} ${shown(low)} to ${shown(high)}`, (value) => value > low && value <= high],
    [`${name} > ${shown(high)}`, (value) => value > high],
  ];
  return parts
    .map(([says, holds]) => ({
      name: says,
      rows: Array.from(values.keys()).filter((row) => holds(values[row]!)),
    }))
    .filter(({ rows }) => rows.length > 0);
}

const shown = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))); // biome-ignore format: one choice
