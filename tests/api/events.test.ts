import { describe, expect, it } from 'vitest';
import { hubOf } from '../../api/hub.ts';
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

describe('the hub of events', () => {
  it('lets go of one who reads too slowly, holds no more than its journal, and no reader back', async () => {
    const hub = hubOf('run');
    const slow = hub.subscribe({ model: undefined, lastId: undefined }, {})!.getReader();
    for (let i = 0; i < 2_000; i++) hub.publish('score', 'deal', { i });
    expect(hub.readers).toBe(0);
    await expect(slow.read()).rejects.toThrow('too slow');
    const late = listener(hub.subscribe({ model: undefined, lastId: 'run-999' }, {})!);
    expect((await late.next(2))[1]).toMatchObject({ event: 'reset', id: 'run-2000' });
    const kept = listener(hub.subscribe({ model: 'deal', lastId: 'run-1000' }, {})!);
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
