import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { hold, isAskedAtOnce } from '../../api/hold.ts';

test('who waits for the records is answered when they are read, and who has left by then is no work', async () => {
  const answered: (string | undefined)[] = [];
  let over!: () => void;
  const read = new Promise<void>((resolve) => {
    over = resolve;
  });
  const server = createServer((asked, response) => {
    void hold(read, asked, response, () => {
      answered.push(asked.url);
      response.end('read');
    });
  });
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = (path: string) => request({ port, host: '127.0.0.1', path, agent: false }).end();

  const leaving = ask('/leaves').on('error', () => {});
  const [{ socket }] = (await once(server, 'request')) as [IncomingMessage];
  const staying = ask('/stays');
  await once(server, 'request');
  leaving.destroy();
  await once(socket, 'close');
  over();
  const [answer] = (await once(staying, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answered).toEqual(['/stays']);
});

test('that the server lives, and what may be asked of it, is told at once; whether it is ready, when it is', () => {
  const asked = ['/healthz?x=1', '/docs', '/openapi.json', '/readyz', '/healthzz', '/v1/models', '/'];
  expect(asked.filter(isAskedAtOnce)).toEqual(asked.slice(0, 3));
});
