import { describe, expect, it } from 'vitest';
import { roleNeeded } from '../../api/guard.ts';
import { newKey, type Role } from '../../api/keys.ts';
import { sharedApp } from './company.ts';

/** Every route of the router with every verb and every kind of key: the list is read from the app, not written here. */
describe('access', () => {
  const app = sharedApp();
  const open = /^\/(healthz|readyz|openapi\.json|docs|assets\/.*)$/;
  const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

  it('is as documented for every route, verb and key', async () => {
    const { app: hono, store, ask } = app();
    const add = (role: Role) => {
      const key = newKey();
      store.addKey({ id: key.id, hash: key.hash, role, name: '' });
      return key;
    };
    const revoked = add('admin');
    store.revokeKey(revoked.id);
    const keys: readonly (readonly [name: string, role: Role | undefined, key: string | undefined])[] = [
      ['none', undefined, undefined],
      ['revoked', undefined, revoked.key],
      ...(['read', 'score', 'write', 'admin'] as const).map((role) => [role, role, add(role).key] as const),
    ];
    const paths = new Map<string, Set<string>>();
    for (const { path, method } of hono.routes) {
      if (method === 'ALL') continue;
      const methods = paths.get(path) ?? new Set();
      methods.add(method);
      if (method === 'GET') methods.add('HEAD');
      paths.set(path, methods);
    }
    expect(paths.size).toBeGreaterThanOrEqual(12);
    let asked = 0;
    for (const [path, methods] of paths) {
      // Ids that are nobody's: a foreign one is answered like a random one.
      const address = path.replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => (name === 'model' ? 'deal' : 'nobody'));
      for (const method of verbs) {
        for (const [name, role, key] of keys) {
          const body = method === 'GET' || method === 'HEAD' || method === 'DELETE' ? {} : { body: '{}' };
          const headers = { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) };
          const { status } = await ask(address, { method, headers, ...body });
          const rank = { read: 0, score: 1, write: 2, admin: 3 };
          const needs = roleNeeded(method, address);
          const what = `${method} ${address} with ${name}`;
          asked++;
          if (!open.test(address) && role === undefined) expect(status, what).toBe(401);
          else if (!open.test(address) && rank[role!] < rank[needs]) expect(status, what).toBe(403);
          // Read, it is the address of a deal of that name.
          else if (address.endsWith('/stream')) expect(method === 'POST' ? [415] : [404, 405], what).toContain(status);
          else if (!methods.has(method)) expect([400, 405], what).toContain(status);
          else expect([200, 400, 404, 409], what).toContain(status);
        }
      }
    }
    console.log(`${paths.size} routes, ${asked} requests`);
  });
});
