import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { RequestError } from '@hono/node-server';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ForesellError } from '../src/errors.ts';
import { saidApart } from '../src/store/explain.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};

/** A problem document (RFC 9457) with our stable code. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId?: string;
  readonly path?: string;
}

/** What may be said of an error outside: a defect says only that there was one. */
export function problemOf(error: unknown, requestId?: string): Problem {
  const told = asTold(error);
  return {
    type: 'about:blank',
    title: titles[told.status] ?? 'Error',
    status: told.status,
    code: told.code,
    detail: told.message,
    ...(requestId === undefined ? {} : { requestId }),
    ...(told.path === undefined ? {} : { path: told.path }),
  };
}

function asTold(error: unknown): { status: number; code: string; message: string; path?: string | undefined } {
  if (error instanceof ForesellError && error.status !== 500) {
    const { status, code, path } = error;
    return { status, code, path, message: saidApart(code) ?? error.message };
  }
  if (error instanceof ForesellError) {
    return {
      status: error.status,
      code: error.code,
      message: 'the server could not answer; its log names the request',
    };
  }
  if (error instanceof HTTPException && error.status < 500) {
    const malformed = error.status === 400;
    return {
      status: error.status,
      code: malformed ? 'body-malformed' : 'request-refused',
      message: malformed ? 'the body is not valid JSON' : error.message || 'the request was refused',
    };
  }
  return {
    status: 500,
    code: 'internal',
    message: 'a defect, not your request; the server\u2019s log names the request',
  };
}

/** What cannot be answered now may be asked again so soon, in seconds, unless its cause knows better. */
const SOON = { 'retry-after': '1' };

/** Answers with the problem of an error; `Retry-After` and `Allow` come from the caller's headers. */
export function answerProblem(c: Context, error: unknown, headers: Record<string, string> = {}): Response {
  const problem = problemOf(error, c.get('requestId'));
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(problem.status === 503 ? SOON : {}),
    ...headers,
  });
}

/** The problem of a request that is none: of its address or Host no URL can be made, so that it never reaches the app. */
export function answerUnread(error: unknown): Response {
  const malformed = new ForesellError('address-malformed', 'the address or the Host header is malformed', { cause: error }); // biome-ignore format: one sentence
  const problem = problemOf(error instanceof RequestError ? malformed : error, randomUUID());
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }, // biome-ignore format: a row
  });
}

const overload = new ForesellError('overloaded', 'more is asked than can be answered in time; ask again in a moment', { status: 503 }); // biome-ignore format: one sentence

/** Refuses a request before anything is done for it, at little cost: there are many of them when it is needed. */
export function refuseLoad(response: ServerResponse): void {
  const requestId = randomUUID();
  const body = JSON.stringify(problemOf(overload, requestId));
  response.writeHead(503, {
    ...SOON,
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
