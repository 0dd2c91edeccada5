import type { IncomingMessage, ServerResponse } from 'node:http';

/** Work of requests in one turn of the event loop, before what has arrived meanwhile is read. */
const TURN_MS = 4;
/** Requests begun in one turn at most. */
const MOST = 64;
/** Longer than this nobody waits for the beginning of an answer: those who come now would be answered late, all of them. */
const LATE_MS = 150;
/** Unless no more than so many wait: that is a page with many parts, or one program with many connections, and no overload. */
const FEW = 50;
/** Share of the time of a turn that may then go to taking in what is new, before the next one. */
const INTAKE = 0.25;

interface Waiting {
  readonly request: Pick<IncomingMessage, 'destroyed' | 'socket'>;
  readonly response: Pick<ServerResponse, 'destroyed'>;
  readonly since: number;
  begin(): void;
  refuse(): void;
}

const hasLeft = ({ request, response }: Waiting): boolean =>
  request.destroyed || request.socket.destroyed || response.destroyed;

export type Turns = ReturnType<typeof turnsOf>;

/**
 * Requests in the order in which they came, begun for some milliseconds in one turn of the event loop. With fewer than that to do, each is
 * begun at once. With more, what arrives is still read between turns (Node takes one new connection a turn), so that it is known how long each has waited:
 * who has waited too long is refused at the cost of a refusal, and who has left is not answered at all. Without this every request
 * is answered, all of them too late. Work that pauses for others (`pause`) goes on a piece a turn, whoever's it is.
 * @param isFull true while work that was begun is still waiting elsewhere: nothing more is begun then
 */
export function turnsOf(isFull: () => boolean = () => false, clock: () => number = () => performance.now()) {
  const waiting: Waiting[] = [];
  const paused: (() => void)[] = [];
  /** What came in so far: where that stands still, everything that has arrived is read. */
  let came = 0;
  let isRunning = false;
  /** When this turn began; undefined while what is new is taken in. */
  let since: number | undefined;

  /** Each in a callback of its own, so that what it leaves to the microtasks is done, and counted, before the next. */
  function work(): void {
    since = undefined;
    for (let i = Math.min(waiting.length, MOST); i > 0; i--) setImmediate(beginNext);
    if (paused.length > 0) setImmediate(goOn);
    setImmediate(over);
  }
  function beginNext(): void {
    since ??= clock();
    if (isFull() || clock() - since >= TURN_MS) return;
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      if (hasLeft(one)) continue;
      if (waiting.length < FEW || clock() - one.since < LATE_MS) {
        one.begin();
        return;
      }
      one.refuse();
    }
  }
  function goOn(): void {
    since ??= clock();
    paused.shift()!();
  }
  function over(): void {
    const now = clock();
    const until = now + (now - (since ?? now)) * INTAKE;
    since = undefined;
    let seen = -1;
    const takeIn = (): void => {
      if (came !== seen && clock() < until) {
        seen = came;
        setImmediate(takeIn);
      } else if (waiting.length + paused.length > 0) work();
      else isRunning = false;
    };
    takeIn();
  }
  function run(): void {
    if (isRunning) return;
    isRunning = true;
    since = clock();
    setImmediate(over);
  }

  return {
    /** Begins a request when it is its turn, or refuses it. */
    take(request: Waiting['request'], response: Waiting['response'], begin: () => void, refuse: () => void): void {
      came++;
      run();
      const now = clock();
      if (waiting.length === 0 && since !== undefined && now - since < TURN_MS && !isFull()) begin();
      else waiting.push({ request, response, since: now, begin, refuse });
    },
    /** A connection was taken, whose request is still to be read. */
    connected(): void {
      came++;
    },
    /** For work of many pieces: resolves when the next one may be done. */
    pause(): Promise<void> {
      run();
      return new Promise((resolve) => paused.push(resolve));
    },
  };
}
