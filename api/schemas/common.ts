import { z } from '@hono/zod-openapi';
import { parseInstant } from '../../src/time.ts';

export const instant = z
  .string()
  .max(40)
  .refine((text) => parseInstant(text, 'UTC') !== undefined, {
    message:
      'expected an ISO 8601 time such as 2026-11-21T09:00:00Z (a bare date means that day in the company\u2019s zone)',
  })
  .openapi({ format: 'date-time', example: '2026-11-21T09:00:00.000Z' });

export const money = z
  .strictObject({
    minor: z.int().openapi({ description: 'Minor units: satang, cents.' }),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .openapi({ description: 'ISO 4217.' }),
  })
  .openapi('Money', { example: { minor: 1250000, currency: 'THB' } });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string().optional(),
    path: z.string().optional().openapi({ description: 'The field at fault, as records[3].deal.createdAt.' }),
  })
  .openapi('Problem', {
    example: {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code: 'field-invalid',
      detail: 'records[0].deal.createdAt: expected an ISO 8601 time such as 2026-11-21T09:00:00Z',
      requestId: '6f1c2f0e-6a58-4b53-9a3e-0f4a51c0b7aa',
      path: 'records[0].deal.createdAt',
    },
  });

/** `records[3].deal.createdAt` of a zod path. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
}
