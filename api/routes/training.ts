import { createRoute, z } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import type { Engine } from '../engine.ts';
import { instantOf, problems, type Routes } from '../route.ts';
import type { ServedTable } from '../servedTable.ts';
import { trainingAnswer, trainingAnswerExample, trainingJson, trainingRequest } from '../trainingAnswer.ts';

const path = '/v1/models/{model}/train';
const tags = ['models'];
const params = z.strictObject({ model: z.string().min(1).max(100).openapi({ example: 'deal' }) });
const answer = { 'application/json': { schema: trainingAnswer, example: trainingAnswerExample } };

const start = createRoute({
  method: 'post',
  path,
  tags,
  summary: 'Train a model on all that is known, beside the server; needs an admin key where keys are set',
  description:
    'As `foresell train` does, in a process of its own, one at a time; the answer comes at once. Whether the result serves is for the gate to say; a promotion is told on GET /v1/events. A server that goes down ends it, and nothing is left half done.',
  request: {
    params,
    body: {
      required: true,
      content: { 'application/json': { schema: trainingRequest, example: { profile: 'default' } } },
    },
  },
  responses: { 200: { description: 'It has begun.', content: answer }, ...problems(400, 404, 409, 413, 415, 503) },
});
const look = createRoute({
  method: 'get',
  path,
  tags,
  summary: 'The training that runs, and what came of the last',
  request: { params },
  responses: { 200: { description: 'How it stands.', content: answer }, ...problems(400, 404, 409, 503) },
});

export const training: Routes = (app, { engine, tables, trainer, draining }) => {
  app.openapi(start, (c) => {
    const { model } = c.req.valid('param');
    const ask = c.req.valid('json');
    checkModel(model, engine, tables);
    if (!trainer) throw new ForesellError('training-unavailable', 'this server trains nothing; run: foresell train', { status: 409 }); // biome-ignore format: one sentence
    if (draining()) throw new ForesellError('draining', 'the server is going down', { status: 503 });
    const until = instantOf(engine, ask.until, 'until');
    if (until !== undefined && until > engine.liveAsOf() + 1)
      throw new ForesellError('as-of-future', 'until lies ahead; give an instant up to now, or leave it out', { path: 'until' }); // biome-ignore format: one sentence
    trainer.start(model, ask);
    return c.json(trainingJson(model, engine.store.runs(model)[0], trainer), 200);
  });
  app.openapi(look, (c) => {
    const { model } = c.req.valid('param');
    checkModel(model, engine, tables);
    const none = { running: () => undefined, failure: () => undefined };
    return c.json(trainingJson(model, engine.store.runs(model)[0], trainer ?? none), 200);
  });
};

/** One that there is, and that is learned from records. */
function checkModel(model: string, engine: Engine, tables: ReadonlyMap<string, ServedTable>): void {
  if (tables.has(model))
    throw new ForesellError('table-model', `${model} is a model of a table; it is fitted from its file: foresell table fit`, { status: 409 }); // biome-ignore format: one sentence
  engine.model(model);
}
