import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { createApp } from '../api/app.ts';
import { openEngine } from '../api/open.ts';
import { importBundle } from '../src/connectors/import.ts';
import { openBundle } from '../src/connectors/open.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import { type Bench, compare, ratioOf } from './measure.ts';
import { setting } from './setting.ts';

/** One deal by id over a kept-open connection, against a route of the same framework that reads its body and says nothing. */
export const http: Bench = {
  name: 'http',
  says: 'POST /v1/scores/deal with one id over keep-alive against an empty Hono route that reads its body',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'foresell-bench-'));
    const open: Server[] = [];
    const store = await imported(folder);
    try {
      const engine = openEngine({ db: store, now: Date.now });
      const app = createApp(engine, { now: Date.now });
      const empty = new Hono().post('/', async (c) => {
        await c.req.text();
        return c.json({});
      });
      const [id] = engine.openIds('deal', engine.liveAsOf());
      const body = JSON.stringify({ ids: [id] });
      const ours = await client(await listening(app.fetch, open), '/v1/scores/deal', body);
      const other = await client(await listening(empty.fetch, open), '/', body);
      const times = await compare(ours.ask, other.ask, 1);
      for (const { agent } of [ours, other]) agent.destroy();
      return ratioOf(http, times, { ours: 'foresell, score with reasons', other: 'an empty route' });
    } finally {
      for (const server of open) server.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The company of the setting in a database of its own, with its network serving. */
async function imported(folder: string): Promise<Store> {
  const { files, artifact, bytes, source } = await setting();
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  const store = openStore(join(folder, 'bench.db'));
  const { bundle } = await openBundle(folder, { source: 'csv' });
  const at = artifact.header.trained.to;
  await importBundle(store, bundle, { source: 'csv', at, dryRun: false });
  const { version } = artifact;
  store.putVersion({ model: 'deal', version, createdAt: at, lowSkill: false, summary: {} }, bytes);
  store.serve({ at, model: 'deal', version, previous: null, action: 'promote', reason: source.company.settings.name });
  return store;
}

function listening(fetch: Parameters<typeof createAdaptorServer>[0]['fetch'], open: Server[]): Promise<number> {
  const server = createAdaptorServer({ fetch }) as Server;
  open.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** One request after the other on one connection; the answer is checked the first time. */
async function client(port: number, path: string, body: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const send = () =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const asked = request({ agent, port, host: '127.0.0.1', path, method: 'POST', headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode!, text: Buffer.concat(chunks).toString() }));
      });
      asked.once('error', reject);
      asked.end(body);
    });
  const first = await send();
  if (first.status !== 200 || first.text.includes('"error"'))
    throw new Error(`${path} answered ${first.status}: ${first.text}`);
  return { agent, ask: async () => void (await send()) };
}
