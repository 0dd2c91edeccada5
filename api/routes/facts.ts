import { createRoute } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import { factsAnswer, factsAnswerExample, factsExample, factsRequest, givenFact } from '../facts.ts';
import { idempotent, problems, type Routes } from '../route.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/facts',
  tags: ['facts'],
  summary: 'Append facts: what happened, one request at a time instead of by import',
  description:
    'All of a request is stored or nothing; it is on the disk before the answer. A fact that does not say when it was known (`knownAt`) is known from its arrival, so that no score of before changes; give `knownAt` with history. A record that is there takes the fields that are given. Messages are read once into tone and intents. The scores that a fact may move (its deal, lead or customer, and the open deals of its account) are computed again at once, as of the arrival, and pushed on GET /v1/events; all others stay as of the hour. With an Idempotency-Key the same request has one effect, however often it comes, for a week.',
  request: {
    headers: idempotent,
    body: { required: true, content: { 'application/json': { schema: factsRequest, example: factsExample } } },
  },
  responses: {
    200: {
      description: 'Stored.',
      content: { 'application/json': { schema: factsAnswer, example: factsAnswerExample } },
    },
    ...problems(400, 409, 413, 415, 422, 503, 507),
  },
});

export const facts: Routes = (app, { engine, draining }) => {
  app.openapi(route, async (c) => {
    if (draining()) throw new ForesellError('draining', 'the server is going down', { status: 503 });
    const { source, facts } = c.req.valid('json');
    const key = c.req.valid('header')['idempotency-key'];
    const { body, replayed } = await engine.append({
      source,
      facts: facts.map(givenFact),
      once: key === undefined ? undefined : { scope: c.get('key') ?? '', key, body: await c.req.text() },
    });
    c.header('content-type', 'application/json');
    if (replayed) c.header('idempotency-replayed', 'true');
    return c.body(body, 200) as never;
  });
};
