import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubOf } from '../../api/hub.ts';
import { newKey } from '../../api/keys.ts';
import { tryImport, writeFolder } from '../src/connectors/folders.ts';
import { scratch } from '../src/store/scratch.ts';
import { NOW, testApp } from './company.ts';

interface Heard {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Record<string, unknown>;
}

/** Reads events of a stream until there are so many; what came beyond stays for the next call. */
function listener(stream: ReadableStream<Uint8Array>) {
  const reader = stream
    .pipeThrough(new TextDecoderStream() as never)
    .getReader() as ReadableStreamDefaultReader<string>;
  let rest = '';
  const field = (block: string, name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  return {
    async next(count: number): Promise<Heard[]> {
      const heard: Heard[] = [];
      while (heard.length < count) {
        const end = rest.indexOf('\n\n');
        if (end < 0) {
          const { done, value } = await reader.read();
          if (done) return heard;
          rest += value;
          continue;
        }
        const block = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const data = field(block, 'data');
        if (data) heard.push({ id: field(block, 'id'), event: field(block, 'event'), data: JSON.parse(data) });
      }
      return heard;
    },
    stop: () => reader.cancel(),
  };
}

describe('GET /v1/events', () => {
  it('tells what a fact moved, in order, with the age of every number, and goes on where one was', async () => {
    const { ask, post } = await testApp();
    const answer = await ask('/v1/events?model=deal');
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const first = listener(answer.body!);
    const [hello] = await first.next(1);
    expect(hello).toMatchObject({ event: 'hello', data: { models: [{ model: 'deal', version: 'plain-1' }] } });
    const send = (id: string, dealId: string) =>
      post('/v1/facts', { facts: [{ kind: 'call', id, at: '2026-05-20T06:29:00Z', dealId, direction: 'out' }] });
    expect((await send('m1', 'd45')).status).toBe(200);
    const [told] = await first.next(1);
    expect(told!.event).toBe('score');
    const { ageMs, arrivedAt, ...data } = told!.data as { ageMs: Record<string, number>; arrivedAt: string };
    expect(data).toMatchObject({ model: 'deal', id: 'crm:d45', version: 'plain-1', stale: false });
    expect(Date.parse(arrivedAt)).toBe(NOW);
    expect(ageMs).toMatchObject({ fact: 0, score: 0, previous: null });
    expect(ageMs['usual']).toBeGreaterThan(0);
    await first.stop();

    await send('m2', 'd46');
    await send('m3', 'd47');
    await expect.poll(async () => (await (await ask('/v1/scores/deal/d47/history')).json() as { items: unknown[] }).items.length).toBe(1); // biome-ignore format: one check
    const back = listener((await ask('/v1/events', { headers: { 'last-event-id': told!.id! } })).body!);
    const [, ...missed] = await back.next(3);
    expect(missed.map(({ data }) => data['id'])).toEqual(['crm:d46', 'crm:d47']);
    const numbers = missed.map(({ id }) => Number(id!.split('-')[1]));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    await back.stop();
    const other = listener((await ask('/v1/events?lastEventId=gone-7')).body!);
    expect((await other.next(2)).map(({ event }) => event)).toEqual(['hello', 'reset']);
    await other.stop();
    expect((await ask('/v1/events?model=nothing')).status).toBe(404);
  });

  it('also looks again at the open deals of the account, and says which deal has ended', async () => {
    const { ask, post } = await testApp();
    await post('/v1/scores/deal', { ids: ['d45'] });
    const stream = listener((await ask('/v1/events')).body!);
    await stream.next(1);
    await post('/v1/facts', {
      facts: [{ kind: 'deal', id: 'd45', closedAt: '2026-05-20T06:15:00Z', outcome: 'lost' }],
    });
    const heard = await stream.next(3);
    const ended = heard.find(({ event }) => event === 'ended');
    expect(ended!.data).toMatchObject({ id: 'crm:d45', error: { code: 'deal-closed' } });
    // Its account is a0, of the deals 45, 54 and 63.
    expect(heard.filter(({ event }) => event === 'score').map(({ data }) => data['id'])).toEqual(expect.arrayContaining(['crm:d54', 'crm:d63'])); // biome-ignore format: one check
    await stream.stop();
  });
});

describe('an end', () => {
  it('is told once, whatever is told of the deal or its account later, and again after a new beginning', async () => {
    let clock = NOW;
    const { ask, post } = await testApp({}, { now: () => clock });
    await post('/v1/scores/deal', { ids: ['d45', 'd46'] });
    const stream = listener((await ask('/v1/events?model=deal')).body!);
    await stream.next(1);
    const facts = (...list: object[]) => {
      clock += 1_000;
      return post('/v1/facts', { facts: list });
    };
    const note = (id: string, of: object) => ({ kind: 'note', id, at: '2026-05-20T06:20:00Z', ...of });
    await facts({ kind: 'deal', id: 'd45', closedAt: '2026-05-20T06:15:00Z', outcome: 'lost' });
    await facts(note('n1', { accountId: 'a0' }));
    await facts(note('n2', { dealId: 'd45' }));
    await facts({ kind: 'deal', id: 'd45', closedAt: null, outcome: null });
    await facts({ kind: 'deal', id: 'd45', closedAt: '2026-05-20T06:30:05Z', outcome: 'won' });
    // One that is gone is told too: who shows it must not show it any longer.
    await facts({ kind: 'removal', removalKind: 'deal', id: 'd46', at: '2026-05-20T06:26:00Z', event: 'removed' });
    await facts(note('last', { dealId: 'd47' }));
    const ends: unknown[] = [];
    for (;;) {
      const [{ event, data }] = (await stream.next(1)) as [Heard];
      if (event === 'ended') ends.push([data['id'], (data['error'] as { code: string }).code]);
      if (data['id'] === 'crm:d45' && event === 'score') ends.push('open again');
      if (data['id'] === 'crm:d47') break;
    }
    expect(ends).toEqual([['crm:d45', 'deal-closed'], 'open again', ['crm:d45', 'deal-closed'], ['crm:d46', 'deal-unknown']]); // biome-ignore format: one list
    await stream.stop();
  });
});

describe('readers of events', () => {
  it('are let go when their key is revoked, or the first key is made', async () => {
    const { ask, store } = await testApp();
    const free = listener((await ask('/v1/events')).body!);
    await free.next(1);
    const [one, other] = [newKey(), newKey()];
    for (const { id, hash } of [one, other]) store.addKey({ id, hash, role: 'read', name: '' });
    expect(await free.next(1)).toEqual([]); // its end
    const open = async (key: string) => listener((await ask('/v1/events', { headers: { authorization: `Bearer ${key}` } })).body!); // biome-ignore format: one call
    const [let1, let2] = [await open(one.key), await open(other.key)];
    await Promise.all([let1.next(1), let2.next(1)]);
    store.revokeKey(one.id);
    expect(await let1.next(1)).toEqual([]);
    expect(await Promise.race([let2.next(1), new Promise((resolve) => setTimeout(resolve, 600, 'reads on'))])).toBe('reads on'); // biome-ignore format: one check
    await let2.stop();
  });

  it('are told to begin anew when records were imported beside the server', async () => {
    const folder = scratch();
    const { ask, store } = await testApp({}, {}, folder);
    const stream = listener((await ask('/v1/events')).body!);
    await stream.next(1);
    const deals = ['id,account_id,owner_id,name,stage,amount,currency,created_at', 'd99,a1,u1,More,New,5000.00,THB,2026-05-19']; // biome-ignore format: a file
    await tryImport(store, writeFolder(join(folder, 'more'), { 'deals.csv': deals }), NOW);
    expect(await stream.next(1)).toMatchObject([
      { event: 'reset', data: { detail: expect.stringContaining('imported') } },
    ]);
    await stream.stop();
  });
});

describe('the hub of events', () => {
  it('lets go of one who reads too slowly, holds no more than its journal, and no reader back', async () => {
    const hub = hubOf('run');
    const slow = hub.subscribe({ model: undefined, lastId: undefined, key: undefined }, {})!.getReader();
    for (let i = 0; i < 2_000; i++) hub.publish('score', 'deal', { i });
    expect(hub.readers).toBe(0);
    await expect(slow.read()).rejects.toThrow('too slow');
    const late = listener(hub.subscribe({ model: undefined, lastId: 'run-999', key: undefined }, {})!);
    expect((await late.next(2))[1]).toMatchObject({ event: 'reset', id: 'run-2000' });
    const kept = listener(hub.subscribe({ model: 'deal', lastId: 'run-1000', key: undefined }, {})!);
    const heard = await kept.next(1_001);
    expect(heard.slice(1).map(({ data }) => data['i'])).toEqual(Array.from({ length: 1_000 }, (_, i) => 1_000 + i));
    hub.close();
    expect(hub.readers).toBe(0);
  });
});

it('a look that fails ends nothing: readers are told to begin anew', async () => {
  const { ask, engine } = await testApp();
  const reader = listener((await ask('/v1/events')).body!);
  expect((await reader.next(1))[0]!.event).toBe('hello');
  engine.close(); // the file is gone under the looking
  expect((await reader.next(1))[0]!.event).toBe('reset');
  await reader.stop();
});
