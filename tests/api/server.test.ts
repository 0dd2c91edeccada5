import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newKey } from '../../api/keys.ts';
import { startServer } from '../../api/main.ts';
import { openStore } from '../../src/store/open.ts';
import { scratch } from '../src/store/scratch.ts';
import { companyStore } from './company.ts';

async function start(options: { host?: string } = {}) {
  const store = await companyStore();
  store.close();
  const lines: string[] = [];
  const running = await startServer({
    db: store.path,
    host: options.host ?? '127.0.0.1',
    port: 0,
    origins: [],
    version: '0.0.0',
    log: (line) => lines.push(line),
  });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= running.stop());
  onTestFinished(stop);
  return { ...running, stop, lines, path: store.path };
}

/** Bytes as they stand on the wire, and what comes back. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(3_000, () => socket.destroy());
  });
}

describe('the server', () => {
  it('lives and says what it lacks before a model is there', async () => {
    const { url, lines } = await start();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ code: 'not-ready', detail: expect.stringContaining('foresell train') });
    expect((await fetch(`${url}/v1/scores/deal/d45`)).status).toBe(409);
    expect(await (await fetch(url)).text()).toContain('npx foresell train');
    expect((await fetch(`${url}/assets/swagger-ui.css`)).headers.get('content-type')).toContain('text/css');
    expect(lines).toEqual([expect.stringContaining('not ready')]);
  });

  it('refuses to be reached from outside without a key', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'key-missing', blame: 'request' });
    const folder = scratch();
    const store = openStore(join(folder, 'keyed.db'));
    const { id, hash, key } = newKey();
    store.addKey({ id, hash, role: 'read', name: '' });
    store.close();
    const options = { db: store.path, host: '0.0.0.0', port: 0, origins: [], version: '0', log: () => {} };
    const running = await startServer(options);
    const url = running.url.replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
    await running.stop();
  });

  it('says which port is taken', async () => {
    const { url, path } = await start();
    const port = Number(new URL(url).port);
    const second = startServer({ db: path, host: '127.0.0.1', port, origins: [], version: '0', log: () => {} });
    await expect(second).rejects.toThrow(`port ${port} is taken`);
  });

  it('answers malformed HTTP and lying lengths without falling', async () => {
    const { url } = await start();
    const host = new URL(url).host;
    const post = `POST /v1/scores/deal HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
    const chunk = 'x'.repeat(65_536);
    const chunks = `${(chunk.length).toString(16)}\r\n${chunk}\r\n`.repeat(20);
    expect(await raw(url, `${post}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413/);
    expect(await raw(url, `${post}Content-Length: 2000000\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 413/);
    const kept = post.replace('Connection: close\r\n', '');
    expect(await raw(url, `${kept}Content-Length: 2000000\r\n\r\n{}`)).toMatch(/\r\nconnection: close\r\n/i);
    expect(await raw(url, `${post}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw(url, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await raw(url, `TRACE / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 4\d\d/,
    );
    expect(await raw(url, `GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)).toMatch(/ 403 /);
    for (const request of ['OPTIONS * HTTP/1.1\r\nHost: localhost', 'GET / HTTP/1.1\r\nHost: a b']) {
      const answer = await raw(url, `${request}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400.*application\/problem\+json.*"code":"address-malformed"/s);
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('logs nothing of who goes away in the middle of a body', async () => {
    const { url, lines } = await start();
    const { port, host } = new URL(url);
    const post = `POST /v1/facts HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
    for (const half of ['Transfer-Encoding: chunked\r\n\r\n5\r\n{"fac', 'Content-Length: 500\r\n\r\n{"fac']) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(post + half, () => setTimeout(() => socket.destroy(), 50));
      await new Promise((resolve) => socket.once('close', resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(lines).toEqual([expect.stringContaining('not ready')]);
  });

  it('answers what was sent just before it was told to stop, though none of it had been read', async () => {
    const { url, stop } = await start();
    const { port, host } = new URL(url);
    const sockets = Array.from({ length: 20 }, () => connect(Number(port), '127.0.0.1'));
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const answers = sockets.map(
      (socket) =>
        new Promise<string>((resolve, reject) => {
          let answer = '';
          socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
          socket.on('close', () => resolve(answer.slice(0, 12)));
          socket.on('error', reject);
          socket.write(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
        }),
    );
    const down = stop();
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 200']));
    await down;
  });

  it('goes down without dropping what has begun: not ready first, then closed', async () => {
    const { url, stop } = await start();
    const { port } = new URL(url);
    // A request whose body is still under way when the server is told to stop.
    const answer = new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
      const slow = request(
        {
          port,
          host: '127.0.0.1',
          path: '/v1/scores/deal',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
        },
        (response) => {
          response.resume();
          response.on('end', () => resolve({ status: response.statusCode!, connection: response.headers.connection }));
        },
      );
      slow.on('error', reject);
      slow.write('{"ids":');
      setTimeout(() => slow.end('["d45"]}'), 300);
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const down = stop();
    expect(await answer).toEqual({ status: 409, connection: 'close' });
    await down;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });
});
