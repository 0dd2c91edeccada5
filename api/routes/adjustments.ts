import { createRoute, z } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import { adjustmentsAnswer, adjustmentsAnswerExample, adjustmentsExample, adjustmentsList, adjustmentsListExample, adjustmentsRequest, givenAdjustments, listedAdjustments } from '../adjustmentsAnswer.ts'; // biome-ignore format: one import
import { idempotent, problems, type Routes } from '../route.ts';

const path = '/v1/forecast/adjustments';
const post = createRoute({
  method: 'post',
  path,
  tags: ['forecast'],
  summary: 'What people put beside the forecast: a manager’s adjustment, a rep’s commit, and the undoing of one',
  description:
    'All of a request is stored or nothing; it is on the disk before the answer. Nothing is ever overwritten: a newer number of the same kind, group and period takes the place of the older one, and an undo is a row of its own, which brings the older one back. GET /v1/forecast shows both beside the model’s number, which they do not change. The author is the key. With an Idempotency-Key the same request has one effect, however often it comes, for a week.',
  request: {
    headers: idempotent,
    body: {
      required: true,
      content: { 'application/json': { schema: adjustmentsRequest, example: adjustmentsExample } },
    },
  },
  responses: {
    200: {
      description: 'Stored.',
      content: { 'application/json': { schema: adjustmentsAnswer, example: adjustmentsAnswerExample } },
    },
    ...problems(400, 404, 409, 413, 415, 422, 503, 507),
  },
});

const get = createRoute({
  method: 'get',
  path,
  tags: ['forecast'],
  summary: 'Every adjustment, commit and undoing there was, oldest first',
  request: {
    query: z.strictObject({
      period: z.string().max(20).optional().openapi({ description: 'Default: all periods.', example: '2026-Q4' }),
    }),
  },
  responses: {
    200: {
      description: 'The audit.',
      content: { 'application/json': { schema: adjustmentsList, example: adjustmentsListExample } },
    },
    ...problems(400),
  },
});

export const adjustments: Routes = (app, { engine, draining }) => {
  app.openapi(post, async (c) => {
    if (draining()) throw new ForesellError('draining', 'the server is going down', { status: 503 });
    const given = givenAdjustments(c.req.valid('json'), engine);
    const key = c.req.valid('header')['idempotency-key'];
    const author = c.get('key') ?? null;
    // Facts have keys of their own: one that named a request of facts names none of these.
    const once =
      key === undefined ? undefined : { scope: `adjustments ${author ?? ''}`, key, body: await c.req.text() };
    const { body, replayed } = await engine.adjust({ given, author, once });
    c.header('content-type', 'application/json');
    if (replayed) c.header('idempotency-replayed', 'true');
    return c.body(body, 200) as never;
  });
  app.openapi(get, (c) => {
    const { period } = c.req.valid('query');
    return c.json({ items: listedAdjustments(engine, period) }, 200);
  });
};
