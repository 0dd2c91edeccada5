import { describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { oneScore } from '../../api/aroundAnswer.ts';
import { movedSince } from '../../api/moved.ts';
import { DAY, formatInstant } from '../../src/time.ts';
import { bundle, companyStore, LIVE, NOW, plainEngine, plainModel, sharedApp, testApp } from './company.ts';

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
const logit = (p: number) => Math.log(p / (1 - p));

describe('why a score moved', () => {
  const app = sharedApp();

  it('is split into reasons and a rest that sum to the change, and into parts that do too', () => {
    const { store, engine } = app();
    const source = store.loadedSource();
    const model = plainModel(source.company);
    const words = (name: string) => engine.words(name);
    for (const id of ['crm:d41', 'crm:d48', 'crm:d55', 'crm:d66']) {
      const since = LIVE - 20 * DAY;
      const moved = movedSince(model, source, id, { at: since }, LIVE, 5, words)!;
      const at = (asOf: number) => model.predict(model.snapshot(source, [{ id, asOf }])).probability[0]!;
      expect(moved.before).toBeCloseTo(at(since), 9);
      expect(moved.after).toBeCloseTo(at(LIVE), 9);
      expect(moved.change).toBeCloseTo(logit(at(LIVE)) - logit(at(since)), 9);
      expect(sum(Object.values(moved.parts))).toBeCloseTo(moved.change, 9);
      expect(sum(moved.reasons.map((reason) => reason.contribution)) + moved.otherContribution).toBeCloseTo(moved.change, 9); // biome-ignore format: one check
      for (const reason of moved.reasons) expect(Math.abs(reason.contribution)).toBeGreaterThanOrEqual(0.05);
    }
  });

  it('lays to time what would have come of nothing, and to events what was recorded', async () => {
    const files = bundle();
    const quiet = await companyStore(files);
    const busy = await companyStore({
      ...files,
      'activities.csv': [
        ...(files['activities.csv'] as string[]),
        ...[1, 2, 3, 4].map((i) => `late${i},meeting,out,${new Date(LIVE - (1 + i) * DAY).toISOString()},d45,a0,u1,c0`),
      ],
    });
    // After the last close of its account, before the import, at which all that has no history becomes known.
    const now = LIVE - DAY;
    const of = (store: typeof quiet) => {
      const source = store.loadedSource();
      const since = { at: now - 5 * DAY };
      return movedSince(plainModel(source.company), source, 'crm:d45', since, now, 5, () => undefined)!;
    };
    const [still, stirred] = [of(quiet), of(busy)];
    expect(still.parts.events).toBe(0);
    expect(still.parts.time).not.toBe(0);
    expect(still.reasons.every((reason) => reason.because === 'time')).toBe(true);
    expect(stirred.parts.time).toBeCloseTo(still.parts.time, 9);
    expect(Math.abs(stirred.parts.events)).toBeGreaterThan(0.01);
    expect(stirred.before).toBeCloseTo(still.before, 9);
    quiet.close();
    busy.close();
  });

  it('names another version, and records that came later, as what they are', () => {
    const { store, engine } = app();
    const source = store.loadedSource();
    const words = (name: string) => engine.words(name);
    const since = LIVE - 10 * DAY;
    const given = (version: string) => ({ at: since, given: { probability: 0.9, version } });
    const model = plainModel(source.company);
    const other = movedSince(model, source, 'crm:d45', given('older'), LIVE, 5, words)!;
    const same = movedSince(model, source, 'crm:d45', given(model.version), LIVE, 5, words)!;
    const none = movedSince(model, source, 'crm:d45', { at: since }, LIVE, 5, words)!;
    const gap = logit(none.before) - logit(0.9);
    expect(other.parts).toEqual({ ...none.parts, model: expect.closeTo(gap, 9), records: 0 });
    expect(same.parts).toEqual({ ...none.parts, records: expect.closeTo(gap, 9), model: 0 });
    expect(other.reasons.some((reason) => reason.because === 'model' && reason.feature === null)).toBe(true);
    expect(other).toMatchObject({ version: 'older', since });
    expect(sum(Object.values(other.parts))).toBeCloseTo(other.change, 9);
  });

  it('is not explained by a model without skill', () => {
    const { store } = app();
    const source = store.loadedSource();
    const model = plainModel(source.company, 'x', true);
    expect(movedSince(model, source, 'crm:d45', { at: LIVE - DAY }, LIVE, 5, () => undefined)).toBeUndefined();
  });
});

describe('GET /v1/scores/deal/{id}?since=', () => {
  it('tells in both languages what was, what is and what came of time', async () => {
    const { ask } = await testApp();
    const since = formatInstant(LIVE - 20 * DAY);
    const of = async (language: string) => {
      const answer = await ask(`/v1/scores/deal/d45?since=${since}`, { headers: { 'accept-language': language } });
      expect(answer.status).toBe(200);
      return oneScore.parse(await answer.json());
    };
    const [en, th] = [await of('en'), await of('th')];
    const moved = en.moved!;
    expect(moved.since).toBe(since);
    expect(moved.after).toBeCloseTo(en.probability, 9);
    expect(moved.reasons.length).toBeGreaterThan(0);
    const passed = moved.reasons.filter((reason) => reason.because === 'time');
    expect(passed.length).toBeGreaterThan(0);
    for (const { text } of passed) expect(text).toMatch(/^With time, .+: .+ \(was .+\)$/);
    for (const { text, because } of th.moved!.reasons)
      if (because === 'time') expect(text).toMatch(/^ตามเวลาที่ผ่านไป, .+เดิม/);
    expect(th.moved!.reasons.map(({ text, ...rest }) => rest)).toEqual(moved.reasons.map(({ text, ...rest }) => rest));
  });

  it('without since: from the last kept score a point or more away; none kept, none told', async () => {
    const store = await companyStore();
    let now = NOW - 60 * DAY;
    const engine = plainEngine(store, { now: () => now });
    engine.serve('plain-1');
    expect(engine.moved('deal', 'd41', undefined)).toBeNull();
    const first = engine.latest('deal', 'd41');
    now = NOW;
    const latest = engine.latest('deal', 'd41');
    expect(Math.abs(latest.probability - first.probability)).toBeGreaterThan(0.01);
    const moved = engine.moved('deal', 'd41', undefined)!;
    expect(moved).toMatchObject({ since: first.asOf, version: 'plain-1' });
    expect(moved.before).toBeCloseTo(first.probability, 9);
    expect(moved.after).toBeCloseTo(latest.probability, 9);
    // Asked since a time within a day of it, that very score is where it begins.
    expect(engine.moved('deal', 'd41', first.asOf + DAY / 2)).toMatchObject({ since: first.asOf });
    engine.serve('plain-2');
    expect(engine.moved('deal', 'd41', undefined)!.parts.model).toBeCloseTo(0, 9);
    store.close();
  });

  it('refuses an instant at which it was not there, that is not before, or is none', async () => {
    const { engine } = await testApp();
    const app = createApp(engine, { now: () => NOW });
    const status = async (since: string) => {
      const answer = await app.request(`http://127.0.0.1:3000/v1/scores/deal/d45?since=${since}`, {
        headers: { host: '127.0.0.1:3000' },
      });
      const body = (await answer.json()) as { code?: string; path?: string };
      return [answer.status, body.code];
    };
    expect(await status('2020-01-01')).toEqual([404, 'deal-unknown']);
    expect(await status('2030-01-01')).toEqual([400, 'field-invalid']);
    expect(await status('yesterday')).toEqual([400, 'field-invalid']);
  });
});
