import { describe, expect, it } from 'vitest';
import { inspectionAnswer } from '../../api/inspectionAnswer.ts';
import { DAY } from '../../src/time.ts';
import { LIVE, sharedApp } from './company.ts';

describe('GET /v1/pipeline', () => {
  const app = sharedApp();
  const inspected = async (query = '', headers: Record<string, string> = {}) => {
    const answer = await app().ask(`/v1/pipeline${query}`, { headers });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return inspectionAnswer.parse(await answer.json());
  };

  it('moves, with what deals to come add, make up the change of the forecast, whatever the two dates', () => {
    const { engine } = app();
    const period = engine.period({ label: '2026-Q2' }, LIVE);
    for (const [back, to] of [
      [40, 0],
      [70, 30],
      [100, 90],
    ] as const) {
      const asOf = LIVE - to * DAY;
      const { moves, total, expectedMinor } = engine.inspect({ since: LIVE - back * DAY, asOf, period }).inspection;
      const ofDeals = moves.reduce((sum, { beforeMinor, afterMinor }) => sum + afterMinor - beforeMinor, 0);
      const rest = (total.causes.newBusiness ?? 0) + (total.causes.renewals ?? 0);
      expect(ofDeals + rest).toBe(total.afterMinor - total.beforeMinor);
      expect(expectedMinor).toBe(engine.forecast({ period, by: 'all', asOf }).total.expectedMinor);
      expect(total.afterMinor).toBe(expectedMinor);
    }
  });

  it('names every deal that was created, won, lost or changed in between, and says what', () => {
    const { engine, store } = app();
    const since = Date.parse('2026-03-01T00:00:00Z');
    const { moves } = engine.inspect({ since, asOf: LIVE, period: engine.period({}, LIVE) }).inspection;
    const source = store.loadedSource();
    for (const id of source.ids('deal')) {
      const history = source.history('deal', id)!;
      const move = moves.find((one) => one.id === id);
      const closed = history.closed?.[0];
      if (history.deal![0]!.knownAt > since) expect(move?.kinds, id).toContain('created');
      else if (closed && closed.knownAt > since) expect(move?.kinds, id).toContain(closed.outcome);
      else if (!closed) {
        const isStaged = history.change!.some((change) => change.field === 'stage' && change.knownAt > since);
        expect(move?.fields.some(({ field }) => field === 'stage') ?? false, id).toBe(isStaged);
        if (isStaged) expect(move!.fields).toContainEqual({ field: 'stage', from: 'New', to: 'Offer' });
      }
    }
  });

  it('what a finding would change is what the what-if says of the same edit', async () => {
    const { deals } = await inspected('?limit=4');
    expect(deals.length).toBe(4);
    const stakes = deals.map(({ atStake }) => atStake.minor);
    expect(stakes).toEqual([...stakes].sort((a, b) => b - a));
    for (const { id, findings, atStake } of deals) {
      expect(Math.max(...findings.map(({ change }) => Math.abs(change.minor)))).toBe(atStake.minor);
      for (const { edit, change, check } of findings) {
        if (edit === 'stageRate') continue;
        const pipeline = edit === 'drop' ? { drop: [id] } : { push: [{ id, days: 30 }] }; // nobody ever pushed a date here
        const answer = await app().post('/v1/whatif', { pipeline });
        const whatIf = (await answer.json()) as { change: { minor: number } };
        // The shares of the others may round otherwise by a unit.
        expect(Math.abs(whatIf.change.minor - change.minor), `${id} ${check}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it('says what shows it: facts, numbers and dates, in the reader’s words', async () => {
    const english = await inspected('?limit=5');
    const stalled = english.deals.flatMap(({ findings }) => findings).filter(({ check }) => check === 'stalled');
    expect(stalled.length).toBeGreaterThan(0);
    for (const { text, evidence } of stalled) {
      expect(Number(evidence['days'])).toBeGreaterThan(Number(evidence['usual80']));
      expect(text).toMatch(/^In (New|Offer) for \d+ days; (eight|nine) of ten won deals had left it within \d+ \(of \d+ stays\)\.$/); // biome-ignore format: one check
    }
    const thai = await inspected('?limit=5', { 'accept-language': 'th' });
    expect(thai.deals.map(({ id, atStake }) => [id, atStake])).toEqual(english.deals.map(({ id, atStake }) => [id, atStake])); // biome-ignore format: one check
    expect(thai.deals.flatMap(({ findings }) => findings.map(({ text }) => text)).join()).toMatch(
      /อยู่ในขั้น Offer มา \d+ วัน/,
    );
    expect(english.concentration!.half.length).toBeGreaterThan(0);
    expect(english.usual.map(({ stage }) => stage)).toEqual([null, 'New', 'Offer']);
  });

  it('answers of a pipeline in which nothing is open or was won yet', async () => {
    const early = await inspected('?asOf=2026-01-05T00:00:00Z');
    expect(early).toMatchObject({ deals: [], concentration: null, usual: [] });
    expect(early.notes.join()).toContain('Too few deals were won');
  });

  it.each([
    ['?since=2026-05-19&asOf=2026-05-01', 'since'],
    ['?since=soon', 'since'],
    ['?asOf=2027-01-01', 'asOf'],
    ['?limit=0', 'limit'],
    ['?limit=1e2', 'limit'],
    ['?limit=0x10', 'limit'],
    ['?limit=', 'limit'],
    ['?currency=EUR', 'currency'],
    ['?owner=u1', 'owner'],
  ])('refuses %s', async (query, path) => {
    const answer = await app().ask(`/v1/pipeline${query}`);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ path });
  });
});
