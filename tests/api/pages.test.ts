import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { openStore } from '../../src/store/open.ts';
import { scratch } from '../src/store/scratch.ts';
import { companyStore, NOW, plainEngine, sharedApp, testApp } from './company.ts';

describe('the overview page', () => {
  const app = sharedApp();
  const page = async (path = '/', headers: Record<string, string> = {}) => {
    const answer = await app().ask(path, { headers });
    expect(answer.status).toBe(200);
    return { answer, text: await answer.text() };
  };

  it('needs no script and nothing from elsewhere, and says so to the browser', async () => {
    const { answer, text } = await page();
    expect(text).not.toMatch(/<script|javascript:|style="|https?:\/\//);
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'/);
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('escapes what the company wrote', async () => {
    const { text } = await page();
    expect(text).toContain('Räder &amp; &lt;Söhne&gt;');
    expect(text).toMatch(/Deal &lt;\d+&gt; &amp; co/);
    expect(text).not.toMatch(/Deal <\d/);
  });

  it('has one heading of the page, landmarks, and headers on every table', async () => {
    const { text } = await page();
    for (const tag of ['<h1', '<main', '<header', '<footer', '<nav']) expect(text.split(tag)).toHaveLength(2);
    for (const table of text.split('<table>').slice(1)) expect(table.split('</table>')[0]).toContain('scope="col"');
    expect(text.match(/<svg /g)!.length).toBe(text.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)!.length);
    expect(text).not.toMatch(/NaN|undefined|null|\[object|Infinity/);
  });

  it('closes every tag that it opens', async () => {
    const { text } = await page();
    const open: string[] = [];
    for (const [, close, name, rest] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)\b([^>]*)>/gi)) {
      if (/^(meta|link|br)$/.test(name!) || rest!.endsWith('/')) continue;
      if (close) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  });

  it('speaks Thai and English, by the header or by choice, each with its own years', async () => {
    expect((await page('/', { 'accept-language': 'th-TH' })).text).toContain('<html lang="th">');
    expect((await page('/', { 'accept-language': 'de' })).text).toContain('<html lang="en">');
    const { text } = await page('/?lang=th', { 'accept-language': 'en' });
    expect(text).toContain('ภาพรวมการขาย');
    expect(text).toContain('2569');
    expect((await page('/?lang=en')).text).not.toContain('2569');
  });

  it('says what to do next while it is empty', async () => {
    const empty = openStore(join(scratch(), 'empty.db'));
    const ask = (store: typeof empty) =>
      createApp(plainEngine(store), { now: () => NOW }).request('http://localhost/', {
        headers: { host: 'localhost' },
      });
    const nothing = await (await ask(empty)).text();
    expect(nothing).toContain('npx foresell import');
    const untrained = await (await ask(await companyStore())).text();
    expect(untrained).toContain('npx foresell train');
    expect(untrained).not.toContain('npx foresell import');
  });

  it('marks a model without skill and gives no reasons for it', async () => {
    const { ask } = await testApp({}, { lowSkill: true });
    const text = await (await ask('/')).text();
    expect(text).toContain('Insufficient data');
    expect(text).not.toContain('<ul class="reasons">');
    expect(text).toMatch(/insufficient data: \d+% – \d+%/);
    expect(await (await ask('/?lang=th')).text()).toMatch(/ข้อมูลไม่เพียงพอ: \d+% – \d+%/);
  });
});
