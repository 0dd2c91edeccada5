import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { foresellClient } from '../../api/client.ts';
import { clientOf, target } from '../../bin/client.mjs';
import { sharedApp } from './company.ts';

const app = sharedApp();
const client = () =>
  foresellClient('http://127.0.0.1:3000', undefined, {
    fetch: async (request: Request) => {
      request.headers.set('host', '127.0.0.1:3000');
      return app().app.request(request);
    },
  });

it('is what the OpenAPI document makes it', { timeout: 60_000 }, async () => {
  const document = await (await app().ask('/openapi.json')).json();
  expect(readFileSync(target, 'utf8')).toBe(await clientOf(document));
});

it('asks and is answered in types', async () => {
  const list = await client().GET('/v1/scores/{model}', { params: { path: { model: 'deal' }, query: { limit: 2 } } });
  const ids = list.data!.items.map(({ id }) => id);
  expect(ids).toHaveLength(2);
  const { data } = await client().POST('/v1/scores/{model}', { params: { path: { model: 'deal' } }, body: { ids } });
  expect(data!.items.map(({ id }) => id)).toEqual(ids);
});

it('gives a problem as an error and throws nothing', async () => {
  const { data, error, response } = await client().GET('/v1/forecast', { params: { query: { period: '2026-99' } } });
  expect(data).toBeUndefined();
  expect(response.status).toBe(400);
  expect(error).toMatchObject({ code: 'period-unknown' });
});
