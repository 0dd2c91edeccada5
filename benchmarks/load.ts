import { execFile } from 'node:child_process';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { quantile } from '../src/stats/quantile.ts';
import type { Timing } from './measure.ts';

/** What a load of requests saw. */
export interface Seen {
  readonly perSecond: number;
  readonly requests: number;
  readonly failed: number;
  readonly p50Us: number;
  readonly p99Us: number;
}
export interface Load {
  readonly port: number;
  readonly path: string;
  /** Sent one after the other. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly ms: number;
}

const CHILD = fileURLToPath(new URL('./loadChild.mjs', import.meta.url));
const run = promisify(execFile);

/** Loads a server on this machine from another process. */
export async function load(ask: Load): Promise<Seen> {
  const running = run(process.execPath, [CHILD], { timeout: 60_000 });
  running.child.stdin!.end(JSON.stringify(ask)); // an argument would be too long for a thousand rows
  const { stdout } = await running;
  const seen = JSON.parse(stdout) as Seen;
  if (seen.failed > 0) throw new Error(`${ask.path}: ${seen.failed} of ${seen.requests} requests were not answered with 200`); // biome-ignore format: one sentence
  return seen;
}

export async function listening(listener: RequestListener, open: Server[]): Promise<number> {
  const server = createServer(listener);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const RUNS = 7;
const RUN_MS = 1_000;
export const CONNECTIONS = 50;

/** Throughput and tail of two servers under the same load, in alternating order; the first load of each warms it. */
export async function compareLoads(
  ours: Omit<Load, 'connections' | 'ms'>,
  other: Omit<Load, 'connections' | 'ms'>,
  connections = CONNECTIONS,
): Promise<{ readonly times: [Timing, Timing]; readonly p99Us: readonly [number, number] }> {
  const both = [ours, other];
  for (const one of both) await load({ ...one, connections, ms: RUN_MS });
  const seen: [Seen[], Seen[]] = [[], []];
  for (let i = 0; i < RUNS; i++)
    for (const way of i % 2 ? [1, 0] : [0, 1]) seen[way]!.push(await load({ ...both[way]!, connections, ms: RUN_MS }));
  const timing = (runs: readonly Seen[]): Timing => {
    const us = runs.map(({ perSecond }) => 1e6 / perSecond);
    return { medianUs: quantile(us, 0.5), p10Us: quantile(us, 0.1), p90Us: quantile(us, 0.9) };
  };
  const tail = (runs: readonly Seen[]) => quantile(runs.map(({ p99Us }) => p99Us), 0.5); // biome-ignore format: one call
  return { times: [timing(seen[0]), timing(seen[1])], p99Us: [tail(seen[0]), tail(seen[1])] };
}
