import { z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { adjustmentsAnswer, adjustmentsAnswerExample, adjustmentsExample, adjustmentsList, adjustmentsListExample, adjustmentsRequest } from '../../api/adjustmentsAnswer.ts'; // biome-ignore format: one import
import { oneScore, oneScoreExample } from '../../api/aroundAnswer.ts';
import { comparisonAnswer, comparisonExample } from '../../api/comparisonAnswer.ts';
import { driftAnswer, driftExample } from '../../api/driftAnswer.ts';
import * as examples from '../../api/examples.ts';
import { factsAnswer, factsAnswerExample, factsExample, factsRequest, givenFact } from '../../api/facts.ts';
import { accuracyAnswer, accuracyExample } from '../../api/forecastAccuracyAnswer.ts';
import { forecastAnswer } from '../../api/forecastAnswer.ts';
import { changesAnswer, changesExample } from '../../api/forecastChangesAnswer.ts';
import { inspectionAnswer, inspectionExample } from '../../api/inspectionAnswer.ts';
import { modelInfo, modelList } from '../../api/schemas/models.ts';
import { score, scoreAnswer, scoreHistory, scorePage, scoreRequest } from '../../api/schemas/scores.ts';
import { dealRecord } from '../../api/schemas/wholeRecords.ts';
import { trainingAnswer, trainingAnswerExample } from '../../api/trainingAnswer.ts';
import { whatIfAnswer, whatIfAnswerExample, whatIfExample, whatIfRequest } from '../../api/whatifAnswer.ts';
import { sharedApp } from './company.ts';

interface Content {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Record<string, { value: unknown }>;
}
interface Operation {
  readonly summary?: string;
  readonly requestBody?: { content: Record<string, Content> };
  readonly responses: Record<string, { content?: Record<string, Content> }>;
}

describe('the OpenAPI document', () => {
  const app = sharedApp();
  const paths = async () => {
    const document = (await (await app().ask('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
      components: { schemas: Record<string, unknown> };
    };
    return document;
  };

  it('is 3.1, names every resource and leads nowhere', async () => {
    const document = await paths();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/healthz',
      '/readyz',
      '/v1/accounts/{id}/clv',
      '/v1/events',
      '/v1/facts',
      '/v1/forecast',
      '/v1/forecast/accuracy',
      '/v1/forecast/adjustments',
      '/v1/forecast/changes',
      '/v1/forecast/comparison',
      '/v1/forecast/history',
      '/v1/models',
      '/v1/models/{model}',
      '/v1/models/{model}/drift',
      '/v1/models/{model}/train',
      '/v1/models/{model}/versions/{version}/promote',
      '/v1/models/{model}/versions/{version}/report',
      '/v1/pipeline',
      '/v1/scores/{model}',
      '/v1/scores/{model}/stream',
      '/v1/scores/{model}/{id}',
      '/v1/scores/{model}/{id}/history',
      '/v1/whatif',
    ]);
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
      expect(document.components.schemas).toHaveProperty(name!);
    }
  });

  it('lets money be null where it may be: answers pass the schemas that the document gives of them', async () => {
    const text = JSON.stringify(await paths());
    expect(text).not.toMatch(/"allOf":\[\{"\$ref":"[^"]*"\},\{"type":\["\w+","null"\]/);
    const document = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as { components: { schemas: Record<string, object> } }; // biome-ignore format: one call
    const schemaOf = (name: string) => z.fromJSONSchema({ $defs: document.components.schemas, $ref: `#/$defs/${name}` } as Parameters<typeof z.fromJSONSchema>[0]); // biome-ignore format: one call
    const { properties } = document.components.schemas['Score'] as { properties: Record<string, object> };
    expect(properties['amount']).toEqual({ anyOf: [{ $ref: '#/$defs/Money' }, { type: 'null' }] });
    for (const [name, path, nullMoney] of [
      ['Forecast', '/v1/forecast?period=2026-Q3&by=owner', '"quota":null'],
      ['ForecastComparison', '/v1/forecast/comparison?period=2026-Q3&by=owner', '"averageWin":null'],
    ] as const) {
      const answer = await (await app().ask(path)).text();
      expect(answer.includes(nullMoney), name).toBe(true);
      expect(schemaOf(name).safeParse(JSON.parse(answer)).error, name).toBeUndefined();
    }
    const wrong = { minor: 'much', currency: 'THB' };
    expect(schemaOf('Money').safeParse(wrong).success).toBe(false);
  });

  it('gives every answer an example, and problems their type', async () => {
    for (const [path, methods] of Object.entries((await paths()).paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
        const answered = operation.responses['200']!.content!;
        const [answer] = Object.values(answered);
        if (!('text/html' in answered)) expect(answer!.example, `${method} ${path}`).toBeDefined();
        const [body] = Object.values(operation.requestBody?.content ?? {});
        if (operation.requestBody) expect(body!.example ?? body!.examples, `${method} ${path}`).toBeDefined();
        for (const [status, answer] of Object.entries(operation.responses)) {
          if (Number(status) >= 400) expect(answer.content).toHaveProperty(['application/problem+json']);
        }
      }
    }
  });

  it.each<[string, z.ZodType, unknown]>([
    ['ids', scoreRequest, examples.scoreByIds],
    ['records', scoreRequest, examples.scoreByRecords],
    ['a lead as a whole', scoreRequest, examples.scoreLeadByRecords],
    ['a customer as a whole', scoreRequest, examples.scoreCustomerByRecords],
    ['score', score, examples.scoreExample],
    ['score answer', scoreAnswer, examples.scoreAnswerExample],
    ['score page', scorePage, examples.scorePageExample],
    ['score history', scoreHistory, examples.scoreHistoryExample],
    ['one score', oneScore, oneScoreExample],
    ['what-if', whatIfRequest, whatIfExample],
    ['what-if answer', whatIfAnswer, whatIfAnswerExample],
    ['forecast accuracy', accuracyAnswer, accuracyExample],
    ['pipeline', inspectionAnswer, inspectionExample],
    ['adjustments', adjustmentsRequest, adjustmentsExample],
    ['adjustments told', adjustmentsAnswer, adjustmentsAnswerExample],
    ['adjustments listed', adjustmentsList, adjustmentsListExample],
    ['forecast changes', changesAnswer, changesExample],
    ['forecast comparison', comparisonAnswer, comparisonExample],
    ['forecast', forecastAnswer, examples.forecastExample],
    ['model', modelInfo, examples.modelExample],
    ['drift', driftAnswer, driftExample],
    ['training', trainingAnswer, trainingAnswerExample],
    ['facts', factsRequest, factsExample],
    ['facts answer', factsAnswer, factsAnswerExample],
  ])('has a true example of %s', (_name, schema, example) => {
    expect(schema.safeParse(example).error).toBeUndefined();
  });

  it('has example facts that are rows of their files', () => {
    expect(factsExample.facts.map((fact, i) => givenFact(fact, i).kind)).toEqual(['activity', 'change']);
  });

  it('has an example record that the engine scores', async () => {
    const body = examples.scoreByRecords as { records: unknown[] };
    for (const record of body.records) expect(dealRecord.safeParse(record).error).toBeUndefined();
    const answer = await app().post('/v1/scores/deal', { records: body.records });
    const { items } = scoreAnswer.parse(await answer.json());
    expect(items[0]).toMatchObject({ id: 'D-1042' });
  });

  it('shows models with their versions, promotes by hand, and leaves its mark', async () => {
    const { ask, post, engine } = app();
    const list = modelList.parse(await (await ask('/v1/models')).json());
    expect(list.items[0]).toMatchObject({ model: 'deal', served: 'plain-1' });
    expect(list.items[0]!.features.length).toBeGreaterThan(10);
    expect((await post('/v1/models/deal/versions/none/promote', { reason: 'x' })).status).toBe(404);
    engine.serve('plain-2');
    const back = await post('/v1/models/deal/versions/plain-1/promote', { reason: 'back again' });
    const model = modelInfo.parse(await back.json());
    expect(model.served).toBe('plain-1');
    expect(model.promotions.some((promotion) => promotion.reason === 'back again')).toBe(true);
    // By the beginning of its hash, where that is of one alone.
    engine.serve('ab12cd-1');
    engine.serve('ab12ef-2');
    const promoted = async (version: string) => post(`/v1/models/deal/versions/${version}/promote`, { reason: 'x' });
    expect(modelInfo.parse(await (await promoted('ab12c')).json()).served).toBe('ab12cd-1');
    expect(await (await promoted('ab12')).json()).toMatchObject({ status: 409, code: 'version-ambiguous' });
    expect((await promoted('ab1')).status).toBe(404);
    await promoted('plain-1');
  });

  it('shows its reference page without the network', async () => {
    const { ask } = app();
    const page = await ask('/docs');
    const text = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).not.toMatch(/(src|href)="https?:/);
    expect(await (await ask('/assets/docs.js')).text()).toContain('/openapi.json');
    expect((await ask('/assets/../package.json')).status).toBe(404);
    expect((await ask('/assets/package.json')).status).toBe(404);
  });
});
