import { describe, expect, it } from 'vitest';
import { newKey } from '../../api/keys.ts';
import { linesOf } from '../../api/lines.ts';
import { type ScoreJson, scoreAnswer } from '../../api/schemas/scores.ts';
import { sharedApp, testApp } from './company.ts';

const encoder = new TextEncoder();
const path = '/v1/scores/deal/stream';

/** A body in chunks of so many bytes; `sent` says how many were asked for. */
function body(text: string, size = 997) {
  const bytes = encoder.encode(text);
  const state = { sent: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const from = state.sent++ * size;
        if (from >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(from, from + size));
      },
      cancel: () => {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

type Item = ScoreJson | { id: string | null; line: number; error: { code: string; path?: string } };
const items = (text: string): Item[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as Item); // biome-ignore format: one list

it('a stream is cut off when its key is revoked, so that nobody takes it for whole', async () => {
  const { ask, store } = await testApp();
  const { id, key, hash } = newKey();
  store.addKey({ id, hash, role: 'score', name: '' });
  const lines = body('"d45"\n'.repeat(2_000), 600).stream;
  const headers = { 'content-type': 'application/x-ndjson', authorization: `Bearer ${key}` };
  const answer = await ask(path, { method: 'POST', body: lines, duplex: 'half', headers } as RequestInit);
  const reader = answer.body!.getReader();
  expect((await reader.read()).done).toBe(false);
  store.revokeKey(id);
  const rest = async () => {
    while (!(await reader.read()).done);
  };
  await expect(rest()).rejects.toThrow(/revoked/);
});

describe('POST /v1/scores/{model}/stream', () => {
  const app = sharedApp({ bodyBytes: 20_000 });
  const post = (stream: ReadableStream<Uint8Array> | string, query = '', type = 'application/x-ndjson') =>
    app().ask(`${path}${query}`, { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': type } } as RequestInit); // biome-ignore format: one request

  it('answers ten thousand lines in order, each as if it were asked alone', async () => {
    // Most are nobody's: what is asked here is order, not speed.
    const ids = Array.from({ length: 10_000 }, (_, i) => (i % 20 === 4 ? `d${40 + (i % 30)}` : `none${i}`));
    const answer = await post(body(ids.map((id) => `${JSON.stringify(id)}\n`).join(''), 16_384).stream);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const told = items(await answer.text());
    expect(told.map(({ id }) => id)).toEqual(ids.map((id) => (id.startsWith('none') ? id : `crm:${id}`)));
    const alone = await app().post('/v1/scores/deal', { ids: ['d44'], reasons: 0 });
    expect(told[4]).toEqual(scoreAnswer.parse(await alone.json()).items[0]);
    const bad = told.flatMap((item) => ('error' in item ? [item.line] : []));
    expect(bad).toEqual(ids.flatMap((id, i) => (id.startsWith('none') ? [i] : [])));
  });

  it('takes ids, whole records and blank lines, and says of each bad line what and where', async () => {
    const record = { deal: { id: 'x1', createdAt: '2026-05-01', currency: 'THB', stage: 'New' } };
    const lines = [
      '"d45"', '', '{"id":"crm:d41"}', JSON.stringify(record), '{', '7', '{"id":"d45","more":1}',
      JSON.stringify({ deal: { ...record.deal, createdAt: 'never' } }), `"${'x'.repeat(30_000)}"`, `${'['.repeat(40)}${']'.repeat(40)}`, '"d3"',
    ]; // biome-ignore format: a list
    const told = items(await (await post(body(lines.join('\r\n')).stream)).text());
    expect(told.map((item) => ('error' in item ? [item.line, item.error.code] : item.id))).toEqual([
      'crm:d45', 'crm:d41', 'crm:x1', [4, 'body-malformed'], [5, 'field-invalid'], [6, 'field-unknown'],
      [7, 'field-invalid'], [8, 'line-too-long'], [9, 'body-too-deep'], [10, 'deal-closed'],
    ].map((said) => (said === 'crm:x1' ? told[2]!.id : said))); // biome-ignore format: a list
    expect(told[6]).toMatchObject({ error: { path: 'lines[7].deal.createdAt' } });
  });

  it('holds back the sender while nobody reads, and stops when the reader goes', async () => {
    const { stream, state } = body('"d45"\n'.repeat(20_000), 600);
    const answer = await post(stream);
    const reader = answer.body!.getReader();
    await reader.read();
    const { sent } = state;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(state.sent).toBeLessThanOrEqual(sent + 4);
    await reader.cancel();
    await expect.poll(() => state.cancelled).toBe(true);
    expect(state.sent).toBeLessThan(20);
  });

  it('refuses before it begins what it could not answer', async () => {
    const code = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
    expect(await code(await post('"d45"\n', '', 'application/json'))).toEqual([415, 'body-type']);
    expect(await code(await post('"d45"\n', '?reasons=9'))).toEqual([400, 'field-invalid']);
    expect(await code(await post('"d45"\n', '?asOf=2030-01-01T00:00:00Z'))).toEqual([400, 'as-of-future']);
    const other = await app().ask('/v1/scores/nothing/stream', { method: 'POST', body: '"a"', headers: { 'content-type': 'application/x-ndjson' } }); // biome-ignore format: one request
    expect(await code(other)).toEqual([404, 'model-unknown']);
  });
});

it('reads lines across any cut of the bytes, also inside a letter', async () => {
  const text = '"ก้"\n\n{"a":[1,2]}\n"end"';
  for (let size = 1; size < 12; size++) {
    const read: unknown[] = [];
    for await (const lines of linesOf(body(text, size).stream, 100)) read.push(...lines);
    expect(read).toEqual([
      { n: 0, value: 'ก้' },
      { n: 2, value: { a: [1, 2] } },
      { n: 3, value: 'end' },
    ]);
  }
});
