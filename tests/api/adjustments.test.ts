import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Adjustment, inForce } from '../../api/adjustments.ts';
import { adjustmentsAnswer, adjustmentsList } from '../../api/adjustmentsAnswer.ts';
import { forecastAnswer } from '../../api/forecastAnswer.ts';
import { hashKey } from '../../api/keys.ts';
import { openStore } from '../../src/store/open.ts';
import { testSeed } from '../arbitraries.ts';
import { LIVE, sharedApp, testApp } from './company.ts';

const thb = (minor: number) => ({ minor, currency: 'THB' });
const commit = (minor: number, more: object = {}) => ({
  kind: 'commit',
  amount: thb(minor),
  reason: 'my call',
  ...more,
});

function over(app: Awaited<ReturnType<typeof testApp>>) {
  const tell = (adjustments: readonly object[], headers: Record<string, string> = {}) =>
    app.post('/v1/forecast/adjustments', { adjustments }, headers);
  const told = async (...adjustments: readonly object[]) => {
    const answer = await tell(adjustments);
    expect(answer.status, await answer.clone().text()).toBe(200);
    return adjustmentsAnswer.parse(await answer.json()).items;
  };
  const forecast = async (query = '') => forecastAnswer.parse(await (await app.ask(`/v1/forecast${query}`)).json());
  const list = async (query = '') =>
    adjustmentsList.parse(await (await app.ask(`/v1/forecast/adjustments${query}`)).json()).items;
  return { ...app, tell, told, forecast, list };
}

describe('/v1/forecast/adjustments', () => {
  const app = sharedApp();
  const shared = () => over(app());
  it('stands beside the model’s number, which it does not change; newer ones take its place, an undo brings it back', async () => {
    const { told, forecast, list } = shared();
    const before = await forecast('?by=owner');
    const [own, whole] = await told(commit(50_000_00, { by: 'owner', id: 'u1' }), {
      ...commit(900_000_00),
      kind: 'adjustment',
    });
    expect(own).toMatchObject({ kind: 'commit', by: 'owner', group: 'crm:u1', period: '2026-Q2', author: null });
    const after = await forecast('?by=owner');
    const plain = ({ total, groups, ...rest }: typeof after) => ({ ...rest, notes: [], total: { ...total, adjustment: null }, groups: groups.map((g) => ({ ...g, commit: null })) }); // biome-ignore format: a row
    expect(plain(after)).toEqual(plain(before));
    expect(after.total.adjustment).toMatchObject({ amount: thb(900_000_00), difference: thb(900_000_00 - before.total.expected.minor), reason: 'my call' }); // biome-ignore format: one check
    const commitOf = async () => (await forecast('?by=owner')).groups.find(({ id }) => id === 'crm:u1')!.commit;
    expect(await commitOf()).toMatchObject({ id: own!.id, amount: thb(50_000_00) });
    const [newer] = await told(commit(60_000_00, { by: 'owner', id: 'crm:u1', period: '2026-Q2' }));
    expect(await commitOf()).toMatchObject({ id: newer!.id, amount: thb(60_000_00) });
    await told({ kind: 'undo', undoes: newer!.id, reason: 'slip of the pen' });
    expect(await commitOf()).toMatchObject({ id: own!.id });
    // Other periods, and looks of before, know nothing of it.
    expect((await forecast('?period=2026-Q3')).total.adjustment).toBeNull();
    expect((await forecast('?asOf=2026-05-19T00:00:00Z&period=2026-Q2')).total.adjustment).toBeNull();
    expect((await list()).map(({ id, kind, inForce, undoes }) => [id, kind, inForce, undoes])).toEqual([
      [own!.id, 'commit', true, null],
      [whole!.id, 'adjustment', true, null],
      [newer!.id, 'commit', false, null],
      [newer!.id + 1, 'undo', false, newer!.id],
    ]);
    expect(await list('?period=2026-Q3')).toEqual([]);
  });

  it('is stored as a whole or not at all, once for a key, and there after the process is gone', async () => {
    const { tell, list, store } = over(await testApp());
    const bad = await tell([commit(1), commit(2, { by: 'team', id: 'nowhere' })]);
    expect(await bad.json()).toMatchObject({ status: 404, path: 'adjustments[1].id' });
    expect(await list()).toEqual([]);
    const key = { 'idempotency-key': 'one' };
    const [first, second] = [await tell([commit(3)], key), await tell([commit(3)], key)];
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await second.text()).toBe(await first.text());
    expect((await tell([commit(4)], key)).status).toBe(422);
    const reopened = openStore(store.path);
    expect(reopened.adjustments().map(({ amountMinor, at }) => [amountMinor, at >= LIVE])).toEqual([[3, true]]);
    reopened.close();
  });

  it('has the key as its author, which must be one that may write', async () => {
    const { store, tell, ask } = over(await testApp());
    for (const role of ['score', 'write'] as const) store.addKey({ id: role, hash: hashKey(`key-${role}`), role, name: `the ${role} key`}); // biome-ignore format: one call
    const auth = (role: string) => ({ authorization: `Bearer key-${role}` });
    expect((await tell([commit(1)], auth('score'))).status).toBe(403);
    expect((await tell([commit(1)], auth('write'))).status).toBe(200);
    expect(store.adjustments()[0]).toMatchObject({ author: 'write' });
    const read = await ask('/v1/forecast', { headers: auth('score') });
    expect(forecastAnswer.parse(await read.json()).total.commit).toMatchObject({ author: 'the write key' });
  });

  it.each([
    ['an unknown owner', commit(1, { by: 'owner', id: 'u99' }), 404, 'id'],
    ['an unknown region', commit(1, { by: 'region', id: 'Mars' }), 404, 'id'],
    ['a group without its id', commit(1, { by: 'team' }), 400, 'id'],
    ['an id of the whole', commit(1, { id: 'u1' }), 400, 'id'],
    ['no reason', commit(1, { reason: ' ' }), 400, 'reason'],
    ['no period', commit(1, { period: '2026-99' }), 400, 'period'],
    ['a period of a Buddhist year', commit(1, { period: '2569-Q4' }), 400, 'period'],
    ['half a satang', commit(1.5), 400, 'amount.minor'],
    ['an undo of nothing', { kind: 'undo', undoes: 77, reason: 'x' }, 404, 'undoes'],
    ['an unknown kind', { kind: 'guess' }, 400, 'kind'],
  ])('refuses %s', async (_what, one, status, field) => {
    const { tell } = shared();
    const answer = await tell([one]);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ path: `adjustments[0].${field}` });
  });
  it('refuses a period that is none, a currency that is none, and to undo twice or an undoing', async () => {
    const { tell, told } = shared();
    expect((await tell([commit(1, { period: '2026-Q9' })])).status).toBe(400);
    expect((await tell([commit(1, { amount: { minor: 1, currency: 'XXZ' } })])).status).toBe(400);
    const [one] = await told(commit(1, { by: 'business', id: 'new' }));
    const [undo] = await told({ kind: 'undo', undoes: one!.id, reason: 'x' });
    for (const undoes of [one!.id, undo!.id]) expect((await tell([{ kind: 'undo', undoes, reason: 'x' }])).status).toBe(409); // biome-ignore format: one line
  });
});

it(`what counts is what a replay of the rows, one by one, leaves (seed ${testSeed})`, () => {
  const step = fc.record({ undo: fc.boolean(), pick: fc.nat(20), node: fc.constantFrom('a', 'b', null), kind: fc.constantFrom('commit' as const, 'adjustment' as const), to: fc.constantFrom(1, 2) }); // biome-ignore format: a row
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), fc.nat(16), (steps, until) => {
      const rows: Adjustment[] = [];
      const stacks = new Map<string, number[]>();
      const name = (row: Adjustment) => `${row.kind} ${row.node} ${row.to}`;
      steps.forEach(({ undo, pick, node, kind, to }, at) => {
        const undone = rows.filter((row) => row.kind !== 'undo' && !rows.some(({ undoes }) => undoes === row.id));
        const base = { id: at + 1, at, by: 'owner', period: 'p', from: 0, amountMinor: 0, currency: 'THB', reason: '', author: null }; // biome-ignore format: a row
        if (undo && undone.length > 0)
          rows.push({ ...base, kind: 'undo', node, to, undoes: undone[pick % undone.length]!.id }); // biome-ignore format: a row
        else rows.push({ ...base, kind, node, to, undoes: null });
        const row = rows.at(-1)!;
        if (at > until) return;
        if (row.kind === 'undo')
          for (const [key, ids] of stacks) stacks.set(key, ids.filter((id) => id !== row.undoes)); // biome-ignore format: one line
        else stacks.set(name(row), [...(stacks.get(name(row)) ?? []), row.id]);
      });
      const expected = [...stacks.values()].flatMap((ids) => ids.at(-1) ?? []).sort((a, b) => a - b);
      expect(inForce(rows, until).map(({ id }) => id)).toEqual(expected);
    }),
    { seed: testSeed, numRuns: 200 },
  );
});
