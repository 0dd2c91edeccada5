import { Agent, get, request } from 'node:http';
import { quantile } from '../src/stats/quantile.ts';
import { listenerOf, served } from './http.bench.ts';
import { type Bench, ratioOf } from './measure.ts';

const PER_SECOND = 200;
const SECONDS = 5;
/** Before that, at the same rate, so that compilation and first readings are not measured. */
const WARM_SECONDS = 2;

/**
 * From sending a fact to reading the score that it moved on the stream of events, facts coming at a steady rate whatever
 * the answers take (open loop); beside it the time until the fact itself is acknowledged, which is when it is on the disk.
 */
export const events: Bench = {
  name: 'events',
  says: `POST /v1/facts at ${PER_SECOND} a second for ${SECONDS} s: until the score is on the event stream, against until it is acknowledged`,
  run: () =>
    served(async (engine, listen) => {
      const port = await listen(listenerOf(engine));
      const ids = engine.openIds('deal', engine.liveAsOf());
      const facts: { readonly dealId: string; readonly sent: number; arrivedAt: number; acked: number }[] = [];
      const told: { readonly id: string; readonly arrivedAt: number; readonly at: number }[] = [];
      const stop = await listenTo(port, (id, arrivedAt) => void told.push({ id, arrivedAt, at: performance.now() }));
      const agent = new Agent({ keepAlive: true, maxSockets: 100 });
      const waits: Promise<void>[] = [];
      const begun = performance.now();
      for (let i = 0; i < PER_SECOND * (WARM_SECONDS + SECONDS); i++) {
        const wait = begun + (i * 1000) / PER_SECOND - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const fact = {
          dealId: ids[(i * 7) % ids.length]!,
          sent: performance.now(),
          arrivedAt: Number.NaN,
          acked: Number.NaN,
        };
        facts.push(fact);
        const json = {
          kind: 'call',
          id: `bench-${i}`,
          at: new Date().toISOString(),
          dealId: fact.dealId,
          direction: 'out',
        };
        waits.push(
          post(agent, port, JSON.stringify({ facts: [json] })).then((arrivedAt) => {
            fact.acked = performance.now();
            fact.arrivedAt = arrivedAt;
          }),
        );
      }
      await Promise.all(waits);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      stop();
      agent.destroy();
      // The first score of its deal that is as of its arrival or later is the one that it moved.
      const measured = facts.slice(PER_SECOND * WARM_SECONDS);
      const seen = measured.map(({ dealId, sent, arrivedAt }) => {
        const first = told.find((event) => event.id === dealId && event.arrivedAt >= arrivedAt);
        if (!first) throw new Error(`a fact of ${dealId} was never seen on the stream`);
        return (first.at - sent) * 1000;
      });
      const acked = measured.map((fact) => (fact.acked - fact.sent) * 1000);
      const timing = (us: readonly number[]) => ({ medianUs: quantile(us, 0.5), p10Us: quantile(us, 0.1), p90Us: quantile(us, 0.9) }); // biome-ignore format: a row
      const ratio = ratioOf(events, [timing(seen), timing(acked)], { ours: 'until the score is on the stream', other: 'until the fact is acknowledged' }); // biome-ignore format: one call
      return { ...ratio, p99Us: { ours: quantile(seen, 0.99), other: quantile(acked, 0.99) } };
    }),
};

/** Appends facts; when they arrived. */
function post(agent: Agent, port: number, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const asked = request({ agent, port, host: '127.0.0.1', path: '/v1/facts', method: 'POST', headers }, (answer) => {
      let text = '';
      answer.on('data', (bytes: Buffer) => (text += bytes.toString()));
      answer.on('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}: ${text}`));
        else resolve(Date.parse((JSON.parse(text) as { arrivedAt: string }).arrivedAt));
      });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

/** Reads the stream; calls with the id of each score that is told, and the arrival of the newest fact in it. */
function listenTo(port: number, told: (id: string, arrivedAt: number) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const asked = get({ port, host: '127.0.0.1', path: '/v1/events?model=deal' }, (answer) => {
      let rest = '';
      answer.on('data', (bytes: Buffer) => {
        rest += bytes.toString();
        for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
          const block = rest.slice(0, end);
          rest = rest.slice(end + 2);
          if (block.includes('event: hello')) resolve(() => asked.destroy());
          if (!block.includes('event: score')) continue;
          const { id, arrivedAt } = JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as { id: string; arrivedAt: string };
          told(id, Date.parse(arrivedAt));
        }
      });
      answer.on('error', () => undefined); // ended by us
    });
    asked.once('error', reject);
  });
}
