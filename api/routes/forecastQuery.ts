import { z } from '@hono/zod-openapi';
import { groupings } from '../../models/forecast/rollup.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Engine } from '../engine.ts';
import { type Countable, countable, type ForecastAsk } from '../forecast.ts';
import { instantOf } from '../route.ts';
import { instant } from '../schemas/common.ts';

/** How a forecast of a period is asked for, by whatever looks at it. */
export const forecastQuery = {
  period: z
    .string()
    .max(20)
    .optional()
    .openapi({ description: '2026, 2026-Q4, 2026-11 or 2026-W47', example: '2026-Q4' }),
  from: instant.optional().openapi({ example: undefined }),
  to: instant.optional().openapi({ example: undefined }),
  by: z.enum(groupings).default('all'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as THB')
    .optional()
    .openapi({ description: 'Of the amounts, at dated rates. Default: the base currency.', example: undefined }),
  parts: z.string().max(40).optional().openapi({
    description: 'What is in the number besides what is booked: open, new, renewals. Default: open,new',
  }),
  asOf: instant.optional(),
};

/** Which of the two ways to name a period was taken. */
export const oneWay = (query: { readonly period?: string | undefined; readonly from?: string | undefined; readonly to?: string | undefined }): boolean => query.period === undefined || (query.from === undefined && query.to === undefined); // biome-ignore format: one condition
export const eitherWay = { message: 'give either a period, or from and to', path: ['period'] };

/** The same as people write it: times with or without an offset, parts as a list. */
export interface ForecastWords {
  readonly period?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by: ForecastAsk['by'];
  readonly currency?: string | undefined;
  readonly parts?: string | undefined;
  readonly asOf?: string | undefined;
}

/** The question in the engine's terms. @param dashes how the fields are called in what is said of a wrong one: `--` on the command line */
export function forecastAsk(engine: Engine, words: ForecastWords, dashes = ''): ForecastAsk {
  const asOf = engine.asOf(instantOf(engine, words.asOf, dashes === '' ? 'asOf' : '--as-of'));
  const from = instantOf(engine, words.from, `${dashes}from`);
  const to = instantOf(engine, words.to, `${dashes}to`);
  const period = engine.period(
    {
      ...(words.period === undefined ? {} : { label: words.period }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
    asOf,
  );
  const parts = partsIn(words.parts, `${dashes}parts`);
  const { by, currency } = words;
  return { period, by, asOf, ...(currency ? { currency } : {}), ...(parts ? { parts } : {}) };
}

/** A list of parts as people write it. */
export function partsIn(text: string | undefined, path: string): readonly Countable[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim()).filter((word) => word !== ''); // biome-ignore format: one chain
  const unknown = words.find((word) => !(countable as readonly string[]).includes(word));
  if (unknown === undefined) return countable.filter((part) => words.includes(part));
  throw new ForesellError('field-invalid', `${path}: "${unknown}" is no part; there is ${countable.join(', ')}`, { path }); // biome-ignore format: one sentence
}
