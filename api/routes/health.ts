import { createRoute, z } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import { problems, type Routes } from '../route.ts';

const live = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['operation'],
  summary: 'The process answers',
  responses: {
    200: {
      description: 'It lives.',
      content: { 'application/json': { schema: z.object({ status: z.literal('ok') }), example: { status: 'ok' } } },
    },
  },
});

const ready = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['operation'],
  summary: 'Scores can be given: there are deals, and a verified model is served',
  responses: {
    200: {
      description: 'Ready.',
      content: {
        'application/json': {
          schema: z.object({ status: z.literal('ready'), sample: z.boolean() }),
          example: { status: 'ready', sample: false },
        },
      },
    },
    ...problems(503),
  },
});

/** Live is not ready: a server without a model lives, and says what it lacks. */
export const health: Routes = (app, { engine, draining }) => {
  app.openapi(live, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(ready, (c) => {
    if (draining()) throw new ForesellError('draining', 'the server is going down', { status: 503 });
    const { ready, missing } = engine.readiness();
    if (!ready) throw new ForesellError('not-ready', missing ?? 'not ready', { status: 503 });
    return c.json({ status: 'ready' as const, sample: engine.sample }, 200);
  });
};
