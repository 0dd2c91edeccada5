import { describe, expect, it } from 'vitest';
import { random } from '../../src/random.ts';
import { sharedApp } from './company.ts';

describe('bodies', () => {
  const app = sharedApp({ bodyBytes: 50_000 });
  const code = async (answer: Response) => {
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };
  const path = '/v1/scores/deal';

  it('refuses other types, and compressed ones', async () => {
    const { ask, post } = app();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', '']) {
      expect(await code(await post(path, '{}', { 'content-type': type }))).toEqual([415, 'body-type']);
    }
    expect(await code(await post(path, '{}', { 'content-encoding': 'gzip' }))).toEqual([415, 'body-type']);
    expect(await code(await ask(path, { method: 'POST' }))).toEqual([415, 'body-type']);
    expect((await post(path, { ids: ['d45'] }, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(
      200,
    );
  });

  it('refuses what is too large, with or without a length', async () => {
    const { ask, post } = app();
    const text = JSON.stringify({ ids: Array(9_000).fill('d45') });
    expect(await code(await post(path, text))).toEqual([413, 'body-too-large']);
    const stream = (bytes: Uint8Array) =>
      new ReadableStream({
        start(controller) {
          for (let i = 0; i < bytes.length; i += 1_000) controller.enqueue(bytes.slice(i, i + 1_000));
          controller.close();
        },
      });
    const sent = (body: string) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: stream(new TextEncoder().encode(body)),
        duplex: 'half',
      } as RequestInit);
    expect(await code(await sent(text))).toEqual([413, 'body-too-large']);
    expect((await sent('{"ids":["d45"]}')).status).toBe(200);
  });

  it('takes 32 levels, refuses 33 and five thousand', async () => {
    const { post } = app();
    const nested = (depth: number) => `{"ids":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect((await post(path, nested(32))).status).toBe(200);
    expect(await code(await post(path, nested(33)))).toEqual([400, 'body-too-deep']);
    expect(await code(await post(path, nested(5_000)))).toEqual([400, 'body-too-deep']);
    expect((await post(path, JSON.stringify({ ids: ['['.repeat(100), '\\"{{{{'] }))).status).toBe(200);
  });

  it('refuses what is not JSON in UTF-8', async () => {
    const { ask, post } = app();
    for (const text of ['', '{', '{"ids":[}', 'NaN', '{"ids":["a"]} x', "{'ids':[]}"]) {
      expect(await code(await post(path, text))).toEqual([400, 'body-malformed']);
    }
    const bytes = Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d);
    const sent = await ask(path, { method: 'POST', body: bytes, headers: { 'content-type': 'application/json' } });
    expect(await code(sent)).toEqual([400, 'body-malformed']);
  });

  it('leaves prototypes alone', async () => {
    const { ask, post } = app();
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      expect((await post(path, `{"ids":["d45"],"${name}":{"polluted":1}}`)).status).toBe(400);
      expect((await ask(`${path}?${name}[polluted]=1`)).status).toBe(400);
      expect((await ask(`/v1/scores/${name}`)).status).toBe(404);
      expect((await ask(`/v1/scores/deal/${name}`)).status).toBe(404);
      expect((await ask(`/v1/models/${name}`)).status).toBe(404);
      expect((await ask(`/assets/${name}`)).status).toBe(404);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('says 405 with what is allowed, 404 for what is not there, 400 for a broken address', async () => {
    const { ask } = app();
    for (const [path, method, allow] of [
      ['/v1/forecast', 'POST', 'GET, HEAD'],
      ['/v1/scores/deal', 'DELETE', 'GET, HEAD, POST'],
      ['/healthz', 'PUT', 'GET, HEAD'],
      ['/', 'POST', 'GET, HEAD'],
    ] as const) {
      const answer = await ask(path, { method, headers: { 'content-type': 'application/json' }, body: '{}' });
      expect(await code(answer)).toEqual([405, 'method-not-allowed']);
      expect(answer.headers.get('allow')!.split(', ').sort().join(', ')).toBe(allow);
    }
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      expect(await code(await ask('/v1/scores/deal', { method, body: 'no JSON' }))).toEqual([
        405,
        'method-not-allowed',
      ]);
    }
    expect(await code(await ask('/v1/nothing'))).toEqual([404, 'route-unknown']);
    expect(await code(await ask('/v1/scores/deal/%E0%A4%A'))).toEqual([400, 'address-malformed']);
    expect((await ask('/healthz', { method: 'HEAD' })).status).toBe(200);
  });

  it('answers every malformed request with a documented status, never a 5xx', async () => {
    const { ask, post, store } = app();
    const seed = 20260520;
    const rnd = random(seed);
    const odd: unknown[] = [
      null, true, 0, -1, 1e308, '', 'd45', "d45' OR 1=1 --", '../../etc/passwd', '\u0000', '\ud800', 'ก็้ำ', '{{7*7}}',
      '<script>', 'x'.repeat(300), [], [[]], {}, { id: 'd45' }, { toString: 1 }, '2026-02-30', '9999-12-31T23:59:59Z',
    ]; // biome-ignore format: a list
    const pick = <T>(list: readonly T[]): T => list[rnd.below(list.length)]!;
    const make = (depth: number): unknown => {
      if (depth === 0 || rnd.uniform() < 0.4) return pick(odd);
      if (rnd.uniform() < 0.4) return Array.from({ length: rnd.below(4) }, () => make(depth - 1));
      const names = [
        'deal',
        'changes',
        'activities',
        'quoteLines',
        'account',
        'orders',
        'id',
        'at',
        'amount',
        'lines',
        'custom',
        '__proto__',
      ];
      return Object.fromEntries(Array.from({ length: rnd.below(5) }, () => [pick(names), make(depth - 1)]));
    };
    const good = { id: 'd45', createdAt: '2026-05-01', currency: 'THB' };
    const status = new Map<number, number>();
    for (let i = 0; i < 400; i++) {
      const kind = i % 4;
      const word = pick(odd);
      const text = encodeURIComponent(
        (typeof word === 'object' ? JSON.stringify(word) : String(word)).replace(/[\ud800-\udfff]/g, ''),
      );
      const answer =
        kind === 0
          ? await post(path, {
              records: [
                {
                  deal: {
                    ...good,
                    [pick(['amount', 'stage', 'accountId', 'closedAt', 'custom', 'knownAt'])]: pick(odd),
                  },
                  account: make(2),
                },
              ],
            })
          : kind === 1
            ? await post(path, {
                [pick(['ids', 'records'])]: make(4),
                [pick(['asOf', 'reasons', 'curve', 'x'])]: pick(odd),
              })
            : kind === 2
              ? await ask(`/v1/scores/${pick(['deal', text])}?${pick(['sort', 'filter', 'limit', 'cursor'])}=${text}`)
              : await ask(
                  pick([
                    `/v1/scores/deal/${text}`,
                    `/v1/scores/deal/${text}/history`,
                    `/v1/forecast?period=${text}`,
                    `/v1/forecast?from=${text}&to=${text}`,
                    `/v1/models/${text}`,
                    `/?lang=${text}`,
                  ]),
                );
      status.set(answer.status, (status.get(answer.status) ?? 0) + 1);
      expect(answer.status, `seed ${seed}, case ${i}: ${await answer.clone().text()}`).toBeLessThan(500);
      if (answer.status >= 400) {
        const problem = (await answer.json()) as Record<string, unknown>;
        expect(problem).toMatchObject({ code: expect.any(String), detail: expect.any(String), status: answer.status });
        expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:|SELECT |sqlite/i);
      }
    }
    console.log(`fuzz seed ${seed}: ${[...status].map(([s, n]) => `${s} x ${n}`).join(', ')}`);
    expect(store.integrityCheck()).toBe('ok');
  });
});
