import { createRoute, z } from '@hono/zod-openapi';
import { driftAnswer, driftExample, driftJson } from '../driftAnswer.ts';
import { problems, type Routes } from '../route.ts';

const route = createRoute({
  method: 'get',
  path: '/v1/models/{model}/drift',
  tags: ['models'],
  summary: 'How far inputs, scores, outcomes and calibration have moved from what the served version learned',
  request: { params: z.strictObject({ model: z.string().min(1).max(100).openapi({ example: 'deal' }) }) },
  responses: {
    200: {
      description: 'What has moved in the last quarter, or since training.',
      content: { 'application/json': { schema: driftAnswer, example: driftExample } },
    },
    ...problems(400, 404, 409, 503),
  },
});

export const drift: Routes = (app, { engine }) => {
  app.openapi(route, (c) => c.json(driftJson(engine.drift(c.req.valid('param').model)), 200));
};
