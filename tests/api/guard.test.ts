import { describe, expect, it } from 'vitest';
import { newKey, type Role, roleOf } from '../../api/keys.ts';
import { NOW, sharedApp, testApp } from './company.ts';

const withKey = async (role: Role, options = {}) => {
  const made = await testApp(options);
  const key = newKey();
  made.store.addKey({ id: key.id, hash: key.hash, role, name: 'test' });
  return { ...made, ...key, bearer: { authorization: `Bearer ${key.key}` } };
};

describe('without a key', () => {
  const app = sharedApp({ origins: ['https://crm.example'] });

  it.each(['localhost:3000', '127.0.0.1', '127.1.2.3:80', '[::1]:3000', 'LOCALHOST'])('answers as %s', async (host) => {
    expect((await app().ask('/healthz', { headers: { host } })).status).toBe(200);
  });

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:3000',
    '10.0.0.5',
    'localhost@evil.example',
  ])('refuses to be %s', async (host) => {
    for (const path of ['/v1/models', '/', '/healthz', '/docs']) {
      const answer = await app().ask(path, { headers: { host } });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'host-refused' });
    }
  });

  it('takes its own origin and those allowed, no other', async () => {
    const status = async (origin: string) => (await app().ask('/v1/models', { headers: { origin } })).status;
    expect(await status('http://127.0.0.1:3000')).toBe(200);
    expect(await status('https://crm.example')).toBe(200);
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:3001', 'https://crm.example.evil'])
      expect(await status(origin)).toBe(403);
  });
});

describe('with a key', () => {
  it('asks for it everywhere but where nothing of the company is told', async () => {
    const { ask, bearer, key } = await withKey('read');
    for (const path of [
      '/',
      '/v1/models',
      '/v1/models/deal',
      '/v1/forecast',
      '/v1/scores/deal',
      '/v1/scores/deal/d45',
      '/nothing',
    ]) {
      const answer = await ask(path);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      expect((await ask(path, { headers: { authorization: 'Bearer fsk_wrong' } })).status).toBe(401);
    }
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs']) expect((await ask(path)).status).toBe(200);
    expect((await ask('/v1/models', { headers: bearer })).status).toBe(200);
    const basic = Buffer.from(`me:${key}`).toString('base64');
    expect((await ask('/', { headers: { authorization: `Basic ${basic}` } })).status).toBe(200);
    expect((await ask('/v1/models', { headers: { ...bearer, host: 'foresell.example' } })).status).toBe(200);
  });

  it.each([
    ['read', 200, 403, 403],
    ['score', 200, 200, 403],
    ['admin', 200, 200, 200],
  ] as const)('lets %s do what it may', async (role, get, score, promote) => {
    const { ask, post, bearer } = await withKey(role);
    expect((await ask('/v1/models', { headers: bearer })).status).toBe(get);
    expect((await post('/v1/scores/deal', { ids: ['d45'] }, bearer)).status).toBe(score);
    const path = '/v1/models/deal/versions/plain-1/promote';
    expect((await post(path, { reason: 'a test' }, bearer)).status).toBe(promote);
  });

  it('forgets a revoked key at once, and does not open the door when the last one goes', async () => {
    const { ask, store, bearer, id } = await withKey('admin');
    expect((await ask('/v1/models', { headers: bearer })).status).toBe(200);
    store.revokeKey(id);
    expect((await ask('/v1/models', { headers: bearer })).status).toBe(401);
    expect((await ask('/v1/models')).status).toBe(401);
  });

  it('backs off after ten wrong keys from an address, for the right one too, and recovers', async () => {
    let now = NOW;
    const { ask, bearer } = await withKey('read', { now: () => now, address: () => '10.0.0.9' });
    const wrong = () => ask('/v1/models', { headers: { authorization: 'Bearer fsk_00000000_guess' } });
    for (let i = 0; i < 10; i++) expect((await wrong()).status).toBe(401);
    const waiting = await ask('/v1/models', { headers: bearer });
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
    now += 61_000;
    expect((await ask('/v1/models', { headers: bearer })).status).toBe(200);
    expect((await wrong()).status).toBe(401);
  });

  it('lets a browser of an allowed origin ask first, without its key', async () => {
    const { ask, bearer } = await withKey('read', { origins: ['https://crm.example'] });
    const headers = { origin: 'https://crm.example', 'access-control-request-method': 'GET' };
    const first = await ask('/v1/models', { method: 'OPTIONS', headers });
    expect(first.status).toBe(204);
    expect(first.headers.get('access-control-allow-origin')).toBe('https://crm.example');
    const then = await ask('/v1/models', { headers: { ...bearer, origin: 'https://crm.example' } });
    expect(then.headers.get('access-control-allow-origin')).toBe('https://crm.example');
    expect(
      (await ask('/v1/models', { method: 'OPTIONS', headers: { ...headers, origin: 'https://evil.example' } })).status,
    ).toBe(403);
  });

  it('never tells a key or its hash', async () => {
    const { ask, bearer, key, hash } = await withKey('admin');
    for (const path of ['/', '/v1/models', '/openapi.json', '/v1/scores/deal', '/nothing']) {
      const text = await (await ask(path, { headers: bearer })).text();
      expect(text).not.toContain(key);
      expect(text).not.toContain(hash);
    }
  });

  it('knows a key by its hash only', () => {
    const { id, key, hash } = newKey();
    const entry = { id, hash, role: 'score' as const, name: '', revokedAt: null };
    expect(roleOf(key, [entry])).toBe('score');
    expect(roleOf(`${key}x`, [entry])).toBeUndefined();
    expect(roleOf(hash, [entry])).toBeUndefined();
    expect(roleOf(key, [{ ...entry, revokedAt: 1 }])).toBeUndefined();
  });
});
