import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../api/main.ts';
import { companyStore } from '../api/company.ts';

it('lets go of who sends too slowly or reads too slowly, and of nobody else', async () => {
  const store = await companyStore();
  store.close();
  const options = { host: '127.0.0.1', port: 0, origins: [], version: '0.0.0', log: () => {} };
  const running = await startServer({ db: store.path, ...options });
  onTestFinished(() => running.stop());
  const { port, host } = new URL(running.url);
  const left = new Map<string, number>();
  const open = (name: string, text: string, use: (socket: Socket) => void) =>
    Array.from({ length: 50 }, () => {
      left.set(name, (left.get(name) ?? 0) + 1);
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
      socket.on('error', () => {}).on('close', () => left.set(name, left.get(name)! - 1));
      onTestFinished(() => void socket.destroy());
      use(socket);
      return socket;
    });
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const post = `POST /v1/scores/deal HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n`;
  const drip = (socket: Socket, text: string) => {
    const timer = setInterval(() => socket.write(text), 2_000);
    socket.resume().on('close', () => clearInterval(timer));
  };
  open('headers', post, (socket) => drip(socket, 'X-A: b\r\n'));
  open('body', `${post}Content-Length: 100000\r\n\r\n{`, (socket) => drip(socket, ' '));
  const answers = open('answers', get('/openapi.json').repeat(200), (socket) => socket.pause());
  open('events', get('/v1/events'), (socket) => socket.resume());
  await expect
    .poll(() => [left.get('headers'), left.get('body')], { timeout: 60_000, interval: 1_000 })
    .toEqual([0, 0]);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  // Who does not read does not hear that he was let go either: he finds an end too early when he goes on.
  for (const socket of answers) socket.resume();
  await expect.poll(() => left.get('answers'), { timeout: 4_000 }).toBe(0);
  expect(left.get('events')).toBe(50);
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200);
}, 120_000);
