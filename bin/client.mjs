// `npm run client`: the typed client of the API, generated from its OpenAPI document into api/client.ts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const target = fileURLToPath(new URL('../api/client.ts', import.meta.url));

const HEAD = `/**
 * The typed client of the HTTP API. Generated from the OpenAPI document by \`npm run client\`: do not edit.
 *
 *     const { data, error } = await foresellClient('http://127.0.0.1:3000').POST('/v1/scores/{model}', {
 *       params: { path: { model: 'deal' } },
 *       body: { ids: ['D01065'] },
 *     });
 */
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';

/**
 * A client of a server: paths, bodies and answers are checked by the compiler. Nothing is thrown for an answer that is a problem: it is \`error\`.
 * @param key of \`foresell keys add\`, where the server asks for one
 */
export function foresellClient(baseUrl: string, key?: string, options: ClientOptions = {}): Client<paths> {
  const authorization = key === undefined ? {} : { authorization: \`Bearer \${key}\` };
  return createClient<paths>({ ...options, baseUrl, headers: { ...authorization, ...options.headers } });
}

`;

/** The document without its examples, which are for readers and not for compilers. */
function withoutExamples(value) {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'example' && name !== 'examples');
  return Object.fromEntries(kept.map(([name, of]) => [name, withoutExamples(of)]));
}

/** The text of the client for a document. */
export async function clientOf(document) {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const types = astToString(await openapiTS(withoutExamples(document)), { formatOptions: { removeComments: false } });
  return `${HEAD}${types}`;
}

async function documentOfApi() {
  const { createApp } = await import('../api/app.ts');
  const { openEngine } = await import('../api/open.ts');
  const { openStore } = await import('../src/store/open.ts');
  const folder = mkdtempSync(join(tmpdir(), 'foresell-client-'));
  try {
    const db = join(folder, 'empty.db');
    openStore(db).close();
    const engine = openEngine({ db, now: Date.now });
    const answer = await createApp(engine, { now: Date.now }).request('http://127.0.0.1/openapi.json');
    const document = await answer.json();
    engine.close();
    return document;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(target, await clientOf(await documentOfApi()));
