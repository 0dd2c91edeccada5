import { createRoute, z } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import { subjects } from '../../src/subjects/index.ts';
import type { Instant } from '../../src/time.ts';
import type { Engine } from '../engine.ts';
import type { PipelineEdits } from '../pipelineWhatIf.ts';
import { fieldError, instantOf, language, problems, type Routes } from '../route.ts';
import { timeless } from '../tables.ts';
import { tableWhatIf, tableWhatIfAnswer, tableWhatIfExample } from '../tableWhatIf.ts';
import type { Edit } from '../whatif.ts';
import { edit, type pipelineEdits, pipelineWhatIfAnswer, pipelineWhatIfJson, whatIfAnswer, whatIfAnswerExample, whatIfExample, whatIfJson, whatIfRequest } from '../whatifAnswer.ts'; // biome-ignore format: one import
import { knownId } from '../whom.ts';

const route = createRoute({
  method: 'post',
  path: '/v1/whatif',
  tags: ['scores'],
  summary:
    'What would be said of a deal, lead, customer or flat record, or of the whole pipeline, had it been changed; nothing is stored',
  description:
    'Up to 64 edited copies in one call. The changes happen at asOf (unless given, that of its score now), on top of all that is known by then, and are read by the same features: a later close date also counts as a postponement. Values outside the 5th to 95th percentile of those alike are answered with a warning; what would end the record, or cannot be acted on, refuses the request. It tells what goes together, not what an action brings about. With `pipeline` instead of an id: deals dropped, won, pushed or re-priced, another win rate, headcount or new business, and what the period would then bring. Of a table’s model: `record` instead of an id, and changes of its columns; with the record as it was, and what became of it as the change, the difference is why its score moved.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: whatIfRequest,
          examples: { record: { value: whatIfExample }, table: { value: tableWhatIfExample } },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'Before, and after each change, with the reasons of the difference.',
      content: {
        'application/json': {
          schema: z.union([whatIfAnswer, pipelineWhatIfAnswer, tableWhatIfAnswer]),
          example: whatIfAnswerExample,
        },
      },
    },
    ...problems(400, 404, 409, 413, 415, 503),
  },
});

/** The schema has seen to it that one of the two is whole. */
const editOf = ({ field, value, activity }: z.infer<typeof edit>): Edit =>
  activity ? { activity } : { field: field!, value: value! };

const several = z.array(edit).min(1).max(20);

export const whatif: Routes = (app, { engine, tables }) => {
  app.openAPIRegistry.register('Edit', edit);
  app.openapi(route, (c) => {
    const body = c.req.valid('json');
    const table = body.model === undefined ? undefined : tables.get(body.model);
    if (table) {
      if (body.asOf !== undefined) throw timeless(table.name);
      if (body.id !== undefined) throw new ForesellError('field-invalid', `id: ${table.name} is a model of a table and knows no ids; send record`, { path: 'id' }); // biome-ignore format: one sentence
      const ask = { record: body.record, changes: body.changes!, limit: body.reasons ?? 5 };
      return c.json(tableWhatIf(table, ask, language(c)), 200);
    }
    if (body.record !== undefined) {
      engine.model(body.model!); // one that there is
      throw new ForesellError('field-invalid', `record: goes with the model of a table; name what ${body.model} is about by id`, { path: 'record' }); // biome-ignore format: one sentence
    }
    const asked = instantOf(engine, body.asOf, 'asOf');
    const asOf = engine.asOf(asked);
    if (body.pipeline) return c.json(ofPipeline(engine, body.pipeline, body, asOf), 200);
    const changes = body.changes!.map((given, i) => {
      const checked = Array.isArray(given) ? several.safeParse(given) : edit.safeParse(given);
      if (!checked.success) throw fieldError(checked.error, ['changes', i]);
      return Array.isArray(checked.data) ? checked.data : [checked.data];
    });
    const answer = engine.whatIf({
      model: body.model!,
      id: body.id!,
      // Unless asked otherwise as its score is now, which counts what came in since the hour.
      asOf: asked === undefined ? undefined : asOf,
      copies: changes.map((copy) => copy.map(editOf)),
      reasons: body.reasons ?? 5,
    });
    const period = engine.period({}, answer.asOf);
    return c.json(whatIfJson(answer, period, changes, engine, language(c)), 200);
  });
};

/** Of the whole pipeline. @throws ForesellError of a deal that is unknown or not open, and those of `pipelineWhatIf` */
export function ofPipeline(
  engine: Engine,
  given: z.infer<typeof pipelineEdits>,
  asked: { readonly period?: string | undefined; readonly currency?: string | undefined },
  asOf: Instant,
) {
  const currency = asked.currency ?? engine.company.currency;
  const period = engine.period(asked.period === undefined ? {} : { label: asked.period }, asOf);
  const idOf = (id: string, path: string) => knownId(subjects.deal, (kind, text) => engine.store.resolveId(kind, text), id, `pipeline.${path}`); // biome-ignore format: one call
  const edits: PipelineEdits = {
    ...given,
    drop: given.drop.map((id, i) => idOf(id, `drop[${i}]`)),
    win: given.win.map((id, i) => idOf(id, `win[${i}]`)),
    push: given.push.map(({ id, days }, i) => ({ id: idOf(id, `push[${i}].id`), days })),
    reprice: given.reprice.map(({ id, amount }, i) => {
      const path = `pipeline.reprice[${i}].amount`;
      if (amount.currency !== currency) throw new ForesellError('field-invalid', `${path}: expected ${currency}, in which the answer is`, { path }); // biome-ignore format: one sentence
      return { id: idOf(id, `reprice[${i}].id`), amountMinor: amount.minor };
    }),
  };
  return pipelineWhatIfJson(
    engine.pipelineWhatIf({ period, asOf, currency }, edits),
    { asOf, period, currency },
    engine,
  );
}
