import { createRoute, z } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import { subjectOf } from '../../src/subjects/index.ts';
import { problems, type Routes } from '../route.ts';

export const EVENTS = '/v1/events';

const route = createRoute({
  method: 'get',
  path: EVENTS,
  tags: ['facts'],
  summary: 'Scores as they change, ends, promotions and drift, pushed as server-sent events',
  description:
    'Events: `hello` (what is served), `score` (a score that a fact may have moved, with what it was before and the age in ms of everything that it rests on), `ended` (it closed or is gone; told once), `promotion`, `drift` (the world has moved otherwise than was told before from what serves, by inputs, scores, outcomes and calibration; where the settings ask for a watch), and `reset` where events may be missing, as after an import. A reader that comes back with Last-Event-ID goes on where it was, up to 1,000 events back in one run of the server. One that reads too slowly is let go and may come back so; one whose key was revoked is let go too. A comment comes every 15 seconds.',
  request: {
    query: z.strictObject({
      model: z.string().min(1).max(100).optional().openapi({ description: 'Only of this model.', example: 'deal' }),
      lastEventId: z.string().max(100).optional().openapi({ description: 'As the header Last-Event-ID.' }),
    }),
  },
  responses: {
    200: {
      description: 'A stream that does not end.',
      content: {
        'text/event-stream': {
          schema: z.string(),
          example:
            'id: m7k2x1-42\nevent: score\ndata: {"model":"deal","id":"csv:D-1042","asOf":"2026-11-21T02:15:01.204Z","version":"9f2c51d0a8e1","probability":0.64,"previous":{"probability":0.62,"byPeriodEnd":0.31,"asOf":"2026-11-21T02:00:00.000Z"},"arrivedAt":"2026-11-21T02:15:01.204Z","ageMs":{"fact":9,"score":9,"previous":901213,"usual":439201213,"model":698401213}}\n\n',
        },
      },
    },
    ...problems(400, 404, 503),
  },
});

export const events: Routes = (app, { engine, events, draining }) => {
  app.openapi(route, (c) => {
    const { model, lastEventId } = c.req.valid('query');
    if (model !== undefined) subjectOf(model, engine.store.company());
    if (draining()) throw new ForesellError('draining', 'the server is going down', { status: 503 });
    const headers = {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    if (c.req.method === 'HEAD') return c.body(null, 200, headers); // nobody would read the stream
    const stream = events.subscribe({ model, lastId: c.req.header('last-event-id')?.slice(0, 100) ?? lastEventId, key: c.get('key') }); // biome-ignore format: one call
    if (!stream)
      throw new ForesellError('subscribers-many', 'too many read events already; close one', { status: 503 });
    return c.body(stream, 200, headers);
  });
};
