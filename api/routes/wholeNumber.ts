import { z } from '@hono/zod-openapi';

/**
 * A whole number of a query. Digits only: `Number` would read nothing as 0, and take `0x10`, `1e2` and blanks.
 * @param fallback what an absent one counts as
 */
export const wholeNumber = (least: number, most: number, fallback: number) =>
  digits(least, most)
    .default(String(fallback))
    .transform(Number)
    .openapi({ type: 'integer', minimum: least, maximum: most, default: fallback });

/** The same where an absent one means that there is no such limit. */
export const wholeNumberOrNone = (least: number, most: number) =>
  digits(least, most).transform(Number).optional().openapi({ type: 'integer', minimum: least, maximum: most });

const digits = (least: number, most: number) =>
  z.string().refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, {
    message: `expected a whole number from ${least} to ${most}`,
  });
