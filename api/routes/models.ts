import { createRoute, z } from '@hono/zod-openapi';
import { formatInstant } from '../../src/time.ts';
import type { Engine, ModelInfo } from '../engine.ts';
import * as examples from '../examples.ts';
import { grades } from '../grade.ts';
import { language, problems, type Routes } from '../route.ts';
import { modelInfo, modelList } from '../schemas/models.ts';
import { tableInfo } from '../tables.ts';
import { whenFree } from '../whenFree.ts';

const tags = ['models'];
const model = z.string().min(1).max(100).openapi({ example: 'deal' });
const described = { content: { 'application/json': { schema: modelInfo, example: examples.modelExample } } };

const list = createRoute({
  method: 'get',
  path: '/v1/models',
  tags,
  summary: 'The models, what serves, and every version with its metrics beside the baselines',
  responses: {
    200: {
      description: 'The models.',
      content: { 'application/json': { schema: modelList, example: { items: [examples.modelExample] } } },
    },
    ...problems(),
  },
});

const one = createRoute({
  method: 'get',
  path: '/v1/models/{model}',
  tags,
  summary: 'One model',
  request: { params: z.strictObject({ model }) },
  responses: { 200: { description: 'The model.', ...described }, ...problems(400, 404) },
});

const promote = createRoute({
  method: 'post',
  path: '/v1/models/{model}/versions/{version}/promote',
  tags,
  summary: 'Serve a version, by hand; needs an admin key where keys are set',
  description: 'The version is its hash, or four characters and more of its beginning where no other begins so.',
  request: {
    params: z.strictObject({ model, version: z.string().min(1).max(100).openapi({ example: '9f2c51d0a8e1' }) }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ reason: z.string().min(1).max(500) }).openapi('Promotion'),
          example: { reason: 'back to the version before the price change' },
        },
      },
    },
  },
  responses: {
    200: { description: 'The model as it now serves.', ...described },
    ...problems(400, 404, 409, 413, 415, 503, 507),
  },
});

const report = createRoute({
  method: 'get',
  path: '/v1/models/{model}/versions/{version}/report',
  tags,
  summary: 'The report of a version: one page that needs nothing else, in Thai or English',
  request: {
    params: z.strictObject({
      model,
      version: z
        .string()
        .regex(/^[0-9a-f]{4,64}$/, 'expected a version, or at least four characters of its beginning')
        .openapi({ example: '9f2c51d0a8e1' }),
    }),
    query: z.strictObject({
      language: z.enum(['en', 'th']).optional().openapi({ description: 'Default: as Accept-Language asks.' }),
    }),
  },
  responses: {
    200: { description: 'A page of HTML.', content: { 'text/html': { schema: z.string() } } },
    ...problems(400, 404, 409, 503),
  },
});

/** The page brings its own style and runs nothing. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const models: Routes = (app, { engine, tables, report: reportOf }) => {
  app.openapi(report, async (c) => {
    const { model, version } = c.req.valid('param');
    const asked = c.req.valid('query').language ?? language(c);
    if (!tables.has(model)) engine.model(model); // one that there is
    c.header('content-security-policy', PAGE_POLICY);
    c.header('content-language', asked);
    return c.html(await reportOf(engine.store, model, version, asked), 200);
  });
  app.openapi(list, (c) => {
    const own = engine.models().map((info) => modelJson(info, engine));
    return c.json({ items: [...own, ...[...tables.values()].map(tableInfo)] }, 200);
  });
  app.openapi(one, (c) => {
    const { model } = c.req.valid('param');
    const table = tables.get(model);
    return c.json(table ? tableInfo(table) : modelJson(engine.model(model), engine), 200);
  });
  app.openapi(promote, async (c) => {
    const { model, version } = c.req.valid('param');
    const { reason } = c.req.valid('json');
    return c.json(modelJson(await whenFree(() => engine.promote(model, version, reason)), engine), 200);
  });
};

function modelJson(info: ModelInfo, engine: Engine): z.infer<typeof modelInfo> {
  return {
    model: info.model,
    served: info.served ?? null,
    featuresHash: info.open?.featuresHash ?? null,
    features: (info.open?.features ?? []).map((name) => {
      const words = engine.words(name);
      return {
        name,
        label: { en: words?.label.en ?? name, th: words?.label.th ?? name },
        unit: words?.unit ?? 'none',
        idea: words?.idea ?? name,
      };
    }),
    grades: grades.map((grade) => ({ ...grade })),
    versions: info.versions.map((version) => ({
      version: version.version,
      createdAt: formatInstant(version.createdAt),
      served: version.version === info.served,
      lowSkill: version.lowSkill,
      summary: { ...version.summary },
    })),
    promotions: info.promotions.map(({ at, version, previous, action, reason }) => ({
      at: formatInstant(at),
      version,
      previous,
      action,
      reason,
    })),
  };
}
