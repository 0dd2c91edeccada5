import { z } from '@hono/zod-openapi';
import { instant } from './common.ts';

const language = z.object({ en: z.string(), th: z.string() });
const version = z.object({
  version: z.string(),
  createdAt: instant,
  served: z.boolean(),
  lowSkill: z.boolean(),
  summary: z.record(z.string(), z.unknown()),
});
export const modelInfo = z
  .object({
    model: z.string(),
    served: z.string().nullable(),
    featuresHash: z.string().nullable(),
    features: z.array(z.object({ name: z.string(), label: language, unit: z.string(), idea: z.string() })),
    grades: z.array(z.object({ grade: z.string(), from: z.number() })),
    versions: z.array(version),
    promotions: z.array(
      z.object({
        at: instant,
        version: z.string(),
        previous: z.string().nullable(),
        action: z.enum(['promote', 'rollback']),
        reason: z.string(),
      }),
    ),
  })
  .openapi('Model');
export const modelList = z.object({ items: z.array(modelInfo) }).openapi('ModelList');
