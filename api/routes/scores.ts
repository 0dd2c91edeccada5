import { createRoute, z } from '@hono/zod-openapi';
import { ForesellError } from '../../src/errors.ts';
import { formatInstant } from '../../src/time.ts';
import { answerScores } from '../answerScores.ts';
import { movedJson, oneScore, oneScoreExample, similarJson } from '../aroundAnswer.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Engine } from '../engine.ts';
import * as examples from '../examples.ts';
import { scoreJson } from '../present.ts';
import { instantOf, language, problems, type Routes } from '../route.ts';
import { instant } from '../schemas/common.ts';
import { itemId, scoreAnswer, scoreHistory, scorePage, scoreRequest } from '../schemas/scores.ts';
import { wholeRecords } from '../schemas/wholeRecords.ts';
import { flatRecord, scoreTableByRecords, tableScoreAnswer } from '../tableAnswer.ts';
import { scoreTable } from '../tables.ts';
import { whenFree } from '../whenFree.ts';
import { wholeNumber } from './wholeNumber.ts';

const model = z.string().min(1).max(100).openapi({
  example: 'deal',
  description:
    'deal, lead, churn, the name of one of the company\u2019s own labels, or of a model of a flat table (POST).',
});
const tags = ['scores'];
const json = <S extends z.ZodType>(schema: S, example: z.input<S>) => ({ 'application/json': { schema, example } });

const post = createRoute({
  method: 'post',
  path: '/v1/scores/{model}',
  tags,
  summary: 'Score now: deals, leads or customers (churn) by id, or whole records that are not stored',
  description:
    'Up to 1,000 items; the order is kept and each item is a score or an error. Without asOf an item is as of the hour, or of when something of it came in since: of a whole record, of the newest thing that it tells. A body in which every record is malformed is refused as a whole.',
  request: {
    params: z.strictObject({ model }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: scoreRequest,
          examples: {
            ids: { summary: 'Those that were imported, by id', value: examples.scoreByIds },
            records: { summary: 'deal: a whole record', value: examples.scoreByRecords },
            lead: { summary: 'lead: a whole record', value: examples.scoreLeadByRecords },
            churn: { summary: 'churn: a whole customer', value: examples.scoreCustomerByRecords },
            table: { summary: 'a model of a flat table: a row', value: scoreTableByRecords },
          },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'A score or an error per item; of a model of a flat table TableScoreAnswer.',
      content: json(z.union([scoreAnswer, tableScoreAnswer]), examples.scoreAnswerExample),
    },
    ...problems(400, 404, 409, 413, 415, 503),
  },
});

const sorts = ['probability', 'byPeriodEnd', 'amount', 'id'] as const;
const listQuery = z.strictObject({
  sort: z
    .enum([...sorts, ...sorts.map((name) => `-${name}` as const)])
    .default('-probability')
    .openapi({
      description:
        'A minus in front means descending. Amounts of several currencies are compared by their minor units as they are.',
    }),
  filter: z
    .string()
    .max(500)
    .optional()
    .openapi({ description: 'grade:A or owner:ID, several separated by commas.', example: 'grade:A' }),
  limit: wholeNumber(1, 1_000, 50).openapi({ example: '50' }),
  cursor: z.string().max(1_000).optional().openapi({ description: '`next` of the page before.' }),
});

const list = createRoute({
  method: 'get',
  path: '/v1/scores/{model}',
  tags,
  summary: 'The latest scores of the open deals, open leads or current customers, a page at a time',
  description:
    'All pages of one walk are of one version and one instant: whatever is scored in between, nothing comes twice or is left out. Where more than a hundred scores changed at once they are kept without reasons; the score of one, or a POST of its id, has them.',
  request: { params: z.strictObject({ model }), query: listQuery },
  responses: {
    200: { description: 'A page.', content: json(scorePage, examples.scorePageExample) },
    ...problems(400, 404, 409, 503, 507),
  },
});

const one = createRoute({
  method: 'get',
  path: '/v1/scores/{model}/{id}',
  tags,
  summary: 'One score, with reasons, dates, trend, why it moved and the most similar that ended',
  request: {
    params: z.strictObject({ model, id: itemId }),
    query: z.strictObject({
      since: instant
        .optional()
        .openapi({ description: 'Explain the change since then. Default: since the last score that was another.' }),
      similar: wholeNumber(0, 5, 5).openapi({ description: 'How many similar ones.' }),
    }),
  },
  responses: {
    200: { description: 'The score.', content: json(oneScore, oneScoreExample) },
    ...problems(400, 404, 409, 503, 507),
  },
});

const history = createRoute({
  method: 'get',
  path: '/v1/scores/{model}/{id}/history',
  tags,
  summary: 'Every score kept of one deal, lead or customer, oldest first, each with its version',
  request: { params: z.strictObject({ model, id: itemId }) },
  responses: {
    200: { description: 'The history.', content: json(scoreHistory, examples.scoreHistoryExample) },
    ...problems(400, 404, 409, 503, 507),
  },
});

export const scores: Routes = (app, { engine, pause, tables }) => {
  for (const [name, schema] of [
    ['DealRecord', wholeRecords.deal],
    ['LeadRecord', wholeRecords.lead],
    ['CustomerRecord', wholeRecords.account],
    ['FlatRecord', flatRecord],
  ] as const) {
    app.openAPIRegistry.register(name, schema);
  }

  app.openapi(post, async (c) => {
    const body = c.req.valid('json');
    const { model } = c.req.valid('param');
    const table = tables.get(model);
    if (table) return c.json(scoreTable(table, body, language(c)), 200);
    const turns = answerScores(engine, model, body, () => language(c));
    for (;;) {
      const { done, value } = turns.next();
      if (done) return c.json(value, 200);
      await pause();
    }
  });

  app.openapi(list, async (c) => {
    const { model } = c.req.valid('param');
    const query = c.req.valid('query');
    const { owner, grade } = filters(query.filter);
    const ownerId = owner === undefined ? undefined : ownerOf(engine.store, owner);
    const asked = { sort: query.sort, filter: query.filter ?? '', model };
    const ask = {
      sort: query.sort.replace('-', '') as (typeof sorts)[number],
      descending: query.sort.startsWith('-'),
      ownerId: ownerId ?? owner,
      grade,
      limit: query.limit,
      after: query.cursor === undefined ? undefined : decodeCursor(query.cursor, asked),
    };
    const page = await whenFree(() => engine.list(model, ask));
    // Deals may be of people whom no row of users names: only where nothing is theirs are they unknown.
    if (owner !== undefined && ownerId === undefined && query.cursor === undefined && page.items.length === 0) {
      throw new ForesellError('owner-unknown', `filter: no owner "${owner}"; expected the id of a user, as ownerId of a score`, { status: 404, path: 'filter' }); // biome-ignore format: one sentence
    }
    const words = language(c);
    return c.json(
      {
        model,
        version: page.version,
        asOf: formatInstant(page.asOf),
        sample: engine.sample,
        items: page.items.map((item) => scoreJson(item, engine, words, item.stale)),
        next: page.next ? encodeCursor(page.next, asked) : null,
      },
      200,
    );
  });

  app.openapi(one, (c) => {
    const { model, id } = c.req.valid('param');
    const { since, similar } = c.req.valid('query');
    const words = language(c);
    const latest = engine.latest(model, id);
    const moved = engine.moved(model, id, instantOf(engine, since, 'since'));
    return c.json(
      {
        ...scoreJson(latest, engine, words),
        moved: moved && movedJson(moved, engine, words),
        similar: engine.similar(model, id, similar).map((one) => similarJson(one, engine, words)),
      },
      200,
    );
  });

  app.openapi(history, async (c) => {
    const { model, id } = c.req.valid('param');
    const kept = await whenFree(() => engine.history(model, id));
    const words = language(c);
    return c.json(
      {
        id: kept.id,
        model,
        sample: engine.sample,
        items: kept.items.map((item) => scoreJson(item, engine, words, item.stale)),
      },
      200,
    );
  });
};

/** What a filter asks for, in its own words. */
function filters(text: string | undefined): { owner: string | undefined; grade: string | undefined } {
  const found: Record<string, string> = {};
  for (const part of text ? text.split(/,(?=\w+:)/) : []) {
    const match = /^(grade|owner):(.{1,200})$/.exec(part);
    if (!match || found[match[1]!] !== undefined || (match[1] === 'grade' && !/^[A-D]$/.test(match[2]!))) {
      throw new ForesellError(
        'field-invalid',
        `filter: "${part}" is not one of grade:A to grade:D, owner:ID, once each`,
        {
          path: 'filter',
        },
      );
    }
    found[match[1]!] = match[2]!;
  }
  return { owner: found['owner'], grade: found['grade'] };
}

/** The canonical id of a user, whose id may be bare where it is unique; undefined where no row of users has it. */
function ownerOf(store: Engine['store'], id: string): string | undefined {
  const found = store.resolveId('user', id);
  if (found.length <= 1) return found[0];
  throw new ForesellError('owner-ambiguous', `filter: owner "${id}" is in several sources; ask for one of ${found.slice(0, 5).join(', ')}`, { status: 409, path: 'filter' }); // biome-ignore format: one sentence
}
