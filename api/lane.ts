import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerScores, isId, TURN } from './answerScores.ts';
import type { Engine } from './engine.ts';
import { LOOPBACK } from './guard.ts';
import { atOnce } from './inTurns.ts';
import { parseJson } from './json.ts';
import { languageOf } from './reasons.ts';
import type { ServedTable } from './servedTable.ts';
import { scoreTable } from './tables.ts';
import { attempted, type Together } from './together.ts';

export interface LaneOptions {
  readonly tables: ReadonlyMap<string, ServedTable>;
  readonly bodyBytes: number;
  readonly draining: () => boolean;
  readonly together: Together;
}

type Asked = Parameters<typeof answerScores>[2];

const PATH = /^\/v1\/scores\/([\w-]{1,100})$/;
const FIELDS: ReadonlySet<string> = new Set(['ids', 'records', 'reasons', 'curve']);
/** What the app says with every answer of JSON (`tests/api/lane.test.ts` holds the two together). */
const HEADERS = [
  'content-type', 'application/json',
  'cache-control', 'private, no-cache',
  'content-security-policy', "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy', 'same-origin',
  'cross-origin-opener-policy', 'same-origin',
  'origin-agent-cluster', '?1',
  'referrer-policy', 'no-referrer',
  'vary', 'Accept-Language',
  'x-content-type-options', 'nosniff',
  'x-dns-prefetch-control', 'off',
  'x-download-options', 'noopen',
  'x-frame-options', 'DENY',
  'x-permitted-cross-domain-policies', 'none',
  'x-xss-protection', '0',
]; // biome-ignore format: pairs

/**
 * A lane of its own for what is asked most, `POST /v1/scores/{model}` by a program on this machine: the same answer as
 * the app gives, without the Request and Response objects, the middleware and the schema library, which cost several
 * times the score. It answers only what is plainly right; anything else (a browser, a key, an odd header, a wrong field,
 * an error) it hands on to the app with the body that it read, so that every refusal is said in one place.
 */
export function laneOf(engine: Engine, { tables, bodyBytes, draining, together }: LaneOptions) {
  return (request: IncomingMessage, response: ServerResponse, app: () => void): void => {
    const model = request.method === 'POST' ? PATH.exec(request.url!)?.[1] : undefined;
    if (model === undefined || draining() || !isPlain(request, bodyBytes) || engine.store.keys().length > 0) {
      app();
      return;
    }
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    request.on('data', (chunk: Buffer) => {
      if (first === undefined) first = chunk;
      else (more ??= [first]).push(chunk);
    });
    request.on('end', () => {
      const body = more ? Buffer.concat(more) : (first ?? Buffer.alloc(0));
      const language = languageOf(request.headers['accept-language']);
      const answer = (json: string | undefined): void => {
        if (json !== undefined) {
          send(response, json, language);
          return;
        }
        (request as IncomingMessage & { rawBody?: Buffer }).rawBody = body;
        app();
      };
      const asked = attempted(() => askedOf(parseJson(decode(body))));
      if (!asked) return answer(undefined);
      const table = tables.get(model);
      if (table) return answer(asked.records && attempted(() => JSON.stringify(scoreTable(table, asked, language))));
      const size = asked.ids?.length ?? asked.records!.length;
      if (size > TURN) return answer(undefined);
      if (asked.ids && asked.reasons === 0 && !asked.curve)
        return together.add({ model, ids: asked.ids as string[], language, answer }); // told by `askedOf`
      return answer(attempted(() => JSON.stringify(atOnce(answerScores(engine, model, asked, () => language)))));
    });
  };
}

function send(response: ServerResponse, json: string, language: string): void {
  response.writeHead(200, [
    ...HEADERS,
    'content-language',
    language,
    'x-request-id',
    randomUUID(),
    'content-length',
    String(Buffer.byteLength(json)),
  ]);
  response.end(json);
}

/** No browser, no compression, a body of known size, and a name of this machine. */
function isPlain({ headers }: IncomingMessage, bodyBytes: number): boolean {
  const length = Number(headers['content-length'] ?? Number.NaN);
  return (
    length > 0 &&
    length <= bodyBytes &&
    headers['content-type'] === 'application/json' &&
    headers['content-encoding'] === undefined &&
    headers.origin === undefined &&
    headers['x-request-id'] === undefined &&
    headers.expect === undefined &&
    LOOPBACK.test(headers.host ?? '')
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Text of bytes; plain letters are by far the most, and several times quicker so. */
const decode = (body: Buffer): string => utf8.decode(body);

/** A request that `scoreRequest` takes, told without its cost; undefined = ask the schema. */
function askedOf(json: unknown): Asked | undefined {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return undefined;
  for (const name in json) if (!FIELDS.has(name)) return undefined;
  const { ids, records, reasons, curve } = json as Asked;
  if ((ids === undefined) === (records === undefined)) return undefined;
  const items = ids ?? records;
  if (!Array.isArray(items) || items.length === 0 || items.length > 1_000) return undefined;
  if (ids && !ids.every(isId)) return undefined;
  if (reasons !== undefined && !(Number.isInteger(reasons) && reasons >= 0 && reasons <= 5)) return undefined;
  if (curve !== undefined && typeof curve !== 'boolean') return undefined;
  return json as Asked;
}
