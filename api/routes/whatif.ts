import { createRoute, z } from '@hono/zod-openapi';
import { fieldError, instantOf, language, problems, type Routes } from '../route.ts';
import type { Edit } from '../whatif.ts';
import { edit, whatIfAnswer, whatIfAnswerExample, whatIfExample, whatIfJson, whatIfRequest } from '../whatifAnswer.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/whatif',
  tags: ['scores'],
  summary: 'What would be said of a deal, lead or customer, had it been changed; nothing is stored',
  description:
    'Up to 64 edited copies in one call. The changes happen at asOf, on top of all that is known by then, and are read by the same features: a later close date also counts as a postponement. Values outside the 5th to 95th percentile of those alike are answered with a warning; what would end the record, or cannot be acted on, refuses the request. It tells what goes together, not what an action brings about.',
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: whatIfRequest, example: whatIfExample } },
    },
  },
  responses: {
    200: {
      description: 'Before, and after each change, with the reasons of the difference.',
      content: { 'application/json': { schema: whatIfAnswer, example: whatIfAnswerExample } },
    },
    ...problems(400, 404, 409, 413, 415, 503),
  },
});

/** The schema has seen to it that one of the two is whole. */
const editOf = ({ field, value, activity }: z.infer<typeof edit>): Edit =>
  activity ? { activity } : { field: field!, value: value! };

const several = z.array(edit).min(1).max(20);

export const whatif: Routes = (app, { engine }) => {
  app.openAPIRegistry.register('Edit', edit);
  app.openapi(route, (c) => {
    const body = c.req.valid('json');
    const asOf = engine.asOf(instantOf(engine, body.asOf, 'asOf'));
    const changes = body.changes.map((given, i) => {
      const checked = Array.isArray(given) ? several.safeParse(given) : edit.safeParse(given);
      if (!checked.success) throw fieldError(checked.error, ['changes', i]);
      return Array.isArray(checked.data) ? checked.data : [checked.data];
    });
    const answer = engine.whatIf({
      model: body.model,
      id: body.id,
      asOf,
      copies: changes.map((copy) => copy.map(editOf)),
      reasons: body.reasons ?? 5,
    });
    const period = engine.period({}, asOf);
    return c.json(whatIfJson(answer, period, changes, engine, language(c)), 200);
  });
};
