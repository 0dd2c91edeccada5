import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { refuseLoad } from '../../api/problem.ts';
import { turnsOf } from '../../api/turns.ts';

/** Requests whose answers cost so many milliseconds each, by a clock that only they move. */
function made(costMs: number, isFull = () => false) {
  let now = 0;
  const turns = turnsOf(isFull, () => now);
  const told: string[] = [];
  const ask = (name: string, left = { destroyed: false }) =>
    turns.take(
      { destroyed: false, socket: left as never },
      { destroyed: false },
      () => {
        now += costMs;
        told.push(name);
      },
      () => told.push(`not ${name}`),
    );
  return { turns, told, ask, names: (n: number) => Array.from({ length: n }, (_, i) => String(i)) };
}
/** When so many were told. */
const toldOf = (told: readonly string[], many: number) => expect.poll(() => told.length).toBe(many);

describe('the turns of requests', () => {
  it('begin at once where there is little to do, and in order where there is more', async () => {
    const { told, ask, names } = made(3);
    ask('0');
    ask('1');
    ask('2');
    expect(told).toEqual(['0', '1']); // six milliseconds are more than a turn has
    for (const name of names(40).slice(3)) ask(name);
    await toldOf(told, 40);
    expect(told).toEqual(names(40)); // forty wait 120 ms: no overload
  });

  it('refuse who has waited too long, answer those who waited less, and do nothing for who has left', async () => {
    const { told, ask, names } = made(10);
    const gone = { destroyed: false };
    for (const name of names(200)) ask(name, name === '7' ? gone : undefined);
    gone.destroyed = true;
    await toldOf(told, 199);
    const begun = told.filter((name) => !name.startsWith('not'));
    // Fifteen in the time that one may wait, and then the last, who are few enough to wait.
    expect(begun).toEqual(names(200).filter((name) => name !== '7' && (Number(name) < 17 || Number(name) >= 150)));
    ask('later');
    expect(told.at(-1)).toBe('later');
  });

  it('refuse nobody of a few, however long the answers take', async () => {
    const { told, ask, names } = made(1_000);
    for (const name of names(50)) ask(name);
    await toldOf(told, 50);
    expect(told).toEqual(names(50));
  });

  it('begin nothing while what was begun is still waiting, and let long work go on a piece a turn', async () => {
    let isFull = false;
    const { turns, told, ask } = made(10, () => isFull);
    ask('0');
    isFull = true;
    ask('1');
    await Promise.all(['a', 'b'].map((name) => turns.pause().then(() => told.push(name))));
    expect(told).toEqual(['0', 'a', 'b']);
    isFull = false;
    await toldOf(told, 4);
    expect(told).toEqual(['0', 'a', 'b', '1']);
  });

  it('tell who is refused over HTTP when to come again, on the same connection', async () => {
    let now = 0;
    const turns = turnsOf(undefined, () => now);
    const server = createServer((request, response) =>
      turns.take(
        request,
        response,
        () => {
          now += 20;
          response.end('answered');
        },
        () => refuseLoad(response),
      ),
    ).on('connection', turns.connected);
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const body = 'x'.repeat(1_000);
    const asked = `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const sockets = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      }),
    );
    const answered = sockets.map(async (socket) => String((await once(socket, 'data'))[0]));
    for (const socket of sockets) socket.write(asked);
    const answers = await Promise.all(answered);
    const refused = answers.findIndex((answer) => answer.startsWith('HTTP/1.1 503'));
    expect(answers[refused]).toMatch(
      /\r\nretry-after: 1\r\n.*content-type: application\/problem\+json.*"code":"overloaded"/s,
    );
    expect(answers.some((answer) => answer.startsWith('HTTP/1.1 200'))).toBe(true);
    const again = once(sockets[refused]!, 'data');
    sockets[refused]!.write(asked);
    expect(String((await again)[0])).toMatch(/^HTTP\/1\.1 200/);
    for (const socket of sockets) socket.destroy();
  });
});
