// A load generator in a process of its own: so many connections to this machine, each one request after the other, for so
// long; of several bodies each connection sends one after the other, begun at another. It speaks just enough HTTP to cost the
// server's machine little: a request is one write of prepared bytes, an answer is read to its length. Timing starts when every connection has had an answer: Node takes on one new connection
// a turn, so that those made last wait through some 50 turns, which says nothing of connections that are kept.
// Reads its orders as JSON from standard input, writes what it saw as JSON.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const { port, path, bodies, connections, ms, type = 'application/json' } = JSON.parse(readFileSync(0, 'utf8'));
const requests = bodies.map((body) =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);
const latencies = [];
let failed = 0;
let open = connections;
let begun;
let ended;
/** Connections that had their first answer and wait for the others. */
const ready = [];

function ask(socket, number) {
  let sent;
  let next = number;
  const request = () => requests[next++ % requests.length];
  let head = '';
  let left = -1;
  socket.on('data', (bytes) => {
    if (left < 0) {
      head += bytes.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(head);
      if (!length) throw new Error(`an answer without a length: ${head.slice(0, 300)}`);
      if (!head.startsWith('HTTP/1.1 200')) failed++;
      left = Number(length[1]) - (Buffer.byteLength(head, 'latin1') - end - 4);
    } else left -= bytes.length;
    if (left > 0) return;
    const now = performance.now();
    head = '';
    left = -1;
    if (sent === undefined) {
      ready.push(send);
      if (ready.length === connections) {
        begun = now;
        for (const go of ready) go();
      }
      return;
    }
    latencies.push((now - sent) * 1000);
    ended = now;
    if (now - begun > ms) {
      socket.end();
      if (--open === 0) done();
      return;
    }
    send();
  });
  const send = () => {
    sent = performance.now();
    socket.write(request());
  };
  socket.write(request());
}

function done() {
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
  const perSecond = latencies.length / ((ended - begun) / 1000);
  process.stdout.write(
    JSON.stringify({ perSecond, requests: latencies.length, failed, p50Us: at(0.5), p99Us: at(0.99) }),
  );
}

for (let i = 0; i < connections; i++) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => ask(socket, i));
}
