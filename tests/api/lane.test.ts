import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { laneOf } from '../../api/lane.ts';
import { togetherOf } from '../../api/together.ts';
import { testApp } from './company.ts';

/** The same app twice on this machine: behind the lane, and alone. */
async function both() {
  const { app, engine, store } = await testApp();
  const alone = getRequestListener(app.fetch);
  const lane = laneOf(engine, {
    tables: new Map(),
    bodyBytes: 50_000,
    draining: () => false,
    together: togetherOf(engine),
  });
  const counts = { handedOn: 0 };
  const listen = async (listener: Parameters<typeof createServer>[1]) => {
    const server = createServer(listener);
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const fast = await listen((request, response) =>
    lane(request, response, () => {
      counts.handedOn++;
      void alone(request as IncomingMessage, response);
    }),
  );
  const plain = await listen((request, response) => void alone(request, response));
  const ask = async (body: string, headers: Record<string, string> = {}, path = '/v1/scores/deal') => {
    const sent = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    const [a, b] = [await fetch(`${fast}${path}`, sent), await fetch(`${plain}${path}`, sent)];
    const told = async (answer: Response) => {
      const { 'x-request-id': id, date: _date, ...rest } = Object.fromEntries(answer.headers);
      const { requestId: _id, ...said } = (await answer.json()) as Record<string, unknown>;
      expect(id).toMatch(/^[\w-]{8,}/);
      return { status: answer.status, headers: rest, said };
    };
    return [await told(a), await told(b)] as const;
  };
  return { ask, counts, store };
}

describe('the lane of POST /v1/scores/{model}', () => {
  it('answers as the app does, to the header, and leaves to it whatever is odd', async () => {
    const { ask, counts, store } = await both();
    const record = { deal: { id: 'x1', createdAt: '2026-05-01', currency: 'THB', stage: 'New' } };
    for (const [body, headers] of [
      [{ ids: ['d45'] }, {}],
      [{ ids: ['d45', 'nope', 'd3', 'd45'], reasons: 0, curve: true }, {}],
      [{ ids: ['d45'], reasons: 2 }, { 'accept-language': 'th' }],
      [{ records: [record, { deal: { ...record.deal, createdAt: 'never' } }] }, {}],
    ] as const) {
      const [fast, plain] = await ask(JSON.stringify(body), headers);
      expect(fast.status).toBe(200);
      expect(fast).toEqual(plain);
    }
    expect(counts.handedOn).toBe(0);
    const odd: readonly (readonly [string, Record<string, string>?, string?])[] = [
      ['{"ids":["d45"],"tenant":1}'], ['{"ids":[]}'], ['{"ids":[7]}'], ['{"ids":["d45"],"reasons":9}'], ['{"ids":'], [`${'['.repeat(50)}${']'.repeat(50)}`],
      ['{"ids":["d45"]}', { 'content-type': 'text/plain' }], ['{"ids":["d45"]}', { origin: 'http://evil.example' }],
      ['{"ids":["d45"],"asOf":"2026-05-20T05:00:00Z"}'], ['{"ids":["d45"]}', {}, '/v1/scores/nothing'], ['{"records":[{"deal":{}}]}'],
      [JSON.stringify({ ids: Array(40).fill('d45'), reasons: 0 })], [`{"ids":["${'x'.repeat(60_000)}"]}`],
    ]; // biome-ignore format: a list
    for (const [i, [body, headers, path]] of odd.entries()) {
      const [fast, plain] = await ask(body, headers, path);
      expect(fast, body.slice(0, 60)).toEqual(plain);
      expect(counts.handedOn, body.slice(0, 60)).toBe(i + 1);
    }
    store.addKey({ id: 'k', hash: 'h', role: 'read', name: '' });
    const [fast, plain] = await ask('{"ids":["d45"]}');
    expect([fast.status, plain.status]).toEqual([401, 401]);
  });

  it('answers requests of one turn together, each as if it were alone, the wrong ones among them too', async () => {
    const { ask, counts } = await both();
    const bodies = [
      ...['d45', 'd46', 'd3', 'nope', 'd45'].map((id) => ({ ids: [id], reasons: 0 })),
      { ids: ['d46', 'nope', 'd45', 'd46'], reasons: 0 },
      { ids: Array(25).fill('d45'), reasons: 0 },
      { ids: Array(25).fill('d46'), reasons: 0 },
      { ids: Array(25).fill('d3'), reasons: 0 },
      { ids: ['d45'] },
    ];
    const languages = ['en', 'th'];
    const asked = [...bodies, ...bodies].map((body, i) =>
      ask(JSON.stringify(body), { 'accept-language': languages[i % 2]! }),
    );
    const wrong = [ask('{"ids":["d45"],"reasons":0}', {}, '/v1/scores/nothing'), ask('{"ids":["l1"],"reasons":0}', {}, '/v1/scores/lead')]; // biome-ignore format: a list
    for (const [fast, plain] of await Promise.all(asked)) {
      expect(fast.status).toBe(200);
      expect(fast).toEqual(plain);
    }
    for (const [fast, plain] of await Promise.all(wrong)) {
      expect(fast.status).toBeGreaterThanOrEqual(400);
      expect(fast).toEqual(plain);
    }
    expect(counts.handedOn).toBe(2);
  });
});
