import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { companyStore } from '../api/company.ts';
import { commandLine } from './run.ts';

test.skipIf(!process.env['FORESELL_BUILT'])(
  'what is built serves its files, and refuses as the sources do',
  async () => {
    const store = await companyStore();
    store.close();
    const child = spawn(process.execPath, [...commandLine, 'serve', '--db', store.path, '--port', '0', '--json']);
    onTestFinished(() => void child.kill());
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { url } = JSON.parse(line.toString()) as { url: string };
    const asked = async (path: string, init?: RequestInit) => {
      const answer = await fetch(url + path, init);
      return [answer.status, answer.headers.get('content-type')];
    };
    const problem = 'application/problem+json';
    expect(await asked('/assets/swagger-ui.css')).toEqual([200, 'text/css; charset=utf-8']);
    expect(await asked('/healthz')).toEqual([200, 'application/json']);
    expect(await asked('/healthz', { method: 'DELETE' })).toEqual([405, problem]);
    expect(await asked('/nothing')).toEqual([404, problem]);
    const headers = { 'content-type': 'application/json' };
    expect(await asked('/v1/scores/deal', { method: 'POST', headers, body: '{"odd":1}' })).toEqual([400, problem]);
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(paths)).toContain('/v1/scores/{model}');
  },
);
