import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { oneScore } from '../../api/aroundAnswer.ts';
import { comparableAge, endedBy, similarTo } from '../../api/similar.ts';
import type { Fact, FactKind } from '../../src/records.ts';
import type { Store } from '../../src/store/store.ts';
import { modelNames, subjects } from '../../src/subjects/index.ts';
import { DAY } from '../../src/time.ts';
import { type FactSource, type History, world } from '../../src/world.ts';
import { companyStore, LIVE, NOW, plainEngine, plainModel, wholeBundle } from './company.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresell-similar-'));
let store: Store;
let engine: ReturnType<typeof plainEngine>;
let source: FactSource;
beforeAll(async () => {
  store = await companyStore(wholeBundle(), folder);
  engine = plainEngine(store);
  for (const model of modelNames) engine.serve(`plain-${model}`, model);
  source = store.loadedSource();
});
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
const cut = () => source.company.calendar.startOfWeek(LIVE);
const words = (feature: string) => engine.words(feature);

describe.each(['deal', 'lead'] as const)('those that ended of model %s', (model) => {
  const subject = subjects[model];

  it('are looked at while open and undecided, no older than asked, before their end and the cut', () => {
    for (const age of [0, 5, 17.5, 400]) {
      const ended = endedBy(source, subject, cut(), age);
      expect(ended.length).toBeGreaterThan(3);
      for (const one of ended) {
        const past = world(source, one.asOf).past(subject.of, one.id);
        expect(subject.state(past).is).toBe('open');
        expect(subject.undecided(past)).toBe(true);
        expect(one.asOf).toBeLessThan(one.endedAt);
        expect(one.asOf - one.born).toBeLessThanOrEqual(age * DAY);
        const known = subject.state(world(source, cut()).past(subject.of, one.id));
        expect(known).toMatchObject({ is: 'ended', as: one.outcome, at: one.endedAt });
      }
      const ends = ended.map((one) => one.endedAt);
      expect(ends).toEqual([...ends].sort((a, b) => b - a));
    }
  });

  it('leave out who ends later: at an earlier cut there are fewer, and the same of each', () => {
    const all = new Map(endedBy(source, subject, cut(), 10).map((one) => [one.id, one]));
    const then = source.company.calendar.startOfWeek(LIVE - 70 * DAY);
    const before = endedBy(source, subject, then, 10);
    expect(before.length).toBeLessThan(all.size);
    for (const one of before) {
      expect(one.endedAt).toBeLessThan(then);
      expect(all.get(one.id)).toEqual(one);
    }
  });
});

it('customers, whose endings recur, are looked at a whole horizon ago', () => {
  const long = source.company.calendar.startOfWeek(LIVE + 200 * DAY);
  for (const one of endedBy(source, subjects.churn, long, 30)) {
    expect(one.asOf).toBeLessThanOrEqual(long - 180 * DAY);
    expect(subjects.churn.undecided(world(source, one.asOf).past('account', one.id))).toBe(true);
    expect(one.endedAt).toBeGreaterThan(one.asOf);
  }
});

describe('the most similar', () => {
  it('are the nearest of all by hand: every ended one at its look, sorted by what sets it apart', () => {
    const open = plainModel(source.company);
    const subject = subjects.deal;
    const then = world(source, LIVE);
    for (const id of ['crm:d45', 'crm:d52', 'crm:d69']) {
      const given = similarTo(open, source, then, id, 5, words);
      const born = subject.born(source.history('deal', id))!;
      const age = comparableAge((LIVE - born) / DAY);
      const own = open.explain(open.snapshot(source, [{ id, asOf: LIVE }]), 0, 'probability')!.contributions;
      const byHand = endedBy(source, subject, cut(), age)
        .map((one) => {
          const frame = open.snapshot(source, [{ id: one.id, asOf: one.asOf }]);
          const other = open.explain(frame, 0, 'probability')!.contributions;
          const distance = [...own].reduce((sum, [name, value]) => sum + Math.abs(value - other.get(name)!), 0);
          return { id: one.id, distance };
        })
        .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1));
      expect(given.map((one) => one.id)).toEqual(byHand.slice(0, 5).map((one) => one.id));
      for (const [i, one] of given.entries()) expect(one.distance).toBeCloseTo(byHand[i]!.distance, 9);
    }
  });

  it('do not hang on what comes later, or after their look', () => {
    const open = plainModel(source.company);
    const then = world(source, LIVE);
    const truth = similarTo(open, source, then, 'crm:d45', 5, words);
    expect(truth).toHaveLength(5);
    // Everything learned after the instant is gone; of the ended nothing is told after their end but the end itself.
    const cutOff: FactSource = {
      ...source,
      history(of, id) {
        const history = source.history(of, id);
        const known: { [kind: string]: readonly Fact[] } = {};
        for (const kind in history) {
          known[kind] = (history[kind as FactKind]! as readonly Fact[]).filter((fact) => fact.knownAt <= LIVE);
        }
        return history && (known as History);
      },
    };
    expect(similarTo(plainModel(source.company), cutOff, world(cutOff, LIVE), 'crm:d45', 5, words)).toEqual(truth);
    // What happens to a similar deal after its look, but for the outcome itself, changes nothing of how near it is.
    const [first] = truth;
    const busy: FactSource = {
      ...source,
      history(of, id) {
        const history = source.history(of, id);
        if (of !== 'deal' || id !== first!.id || !history) return history;
        const late = Array.from({ length: 9 }, (_, i) => {
          const at = first!.lookedAt + 1 + i;
          return { kind: 'activity', id: `late${i}`, at, knownAt: at, channel: 'meeting', direction: 'in' };
        });
        const activity = [...(history.activity ?? []), ...(late as unknown as Fact[])] as NonNullable<History['activity']>; // biome-ignore format: one list
        return { ...history, activity: [...activity].sort((a, b) => a.at - b.at) };
      },
    };
    const again = similarTo(plainModel(source.company), busy, world(busy, LIVE), 'crm:d45', 5, words);
    expect(again.map(({ id, distance }) => [id, distance])).toEqual(truth.map(({ id, distance }) => [id, distance]));
  });

  it('are none of a model without skill', () => {
    const open = plainModel(source.company, 'x', true);
    expect(similarTo(open, source, world(source, LIVE), 'crm:d45', 5, words)).toEqual([]);
  });

  it('ages are compared in bands', () => {
    expect([0, 0.9, 1, 10, 20.9, 600].map(comparableAge)).toEqual([0, 0, 2, 10.5, 17.5, 540]);
  });
});

describe('GET /v1/scores/{model}/{id}', () => {
  const ask = async (path: string, language = 'en') => {
    const app = createApp(engine, { now: () => NOW, onFailure: (error) => console.error(error) });
    const answer = await app.request(`http://127.0.0.1:3000${path}`, {
      headers: { host: '127.0.0.1:3000', 'accept-language': language },
    });
    return { status: answer.status, body: await answer.json() };
  };

  it.each([
    ['deal', 'd45'],
    ['lead', 'l15'],
  ])('%s: names five with outcome, days, stage and their largest differences in both languages', async (model, id) => {
    const { status, body } = await ask(`/v1/scores/${model}/${id}`);
    expect(status).toBe(200);
    const { similar } = oneScore.parse(body);
    expect(similar).toHaveLength(5);
    const { sides } = subjects[model as 'deal' | 'lead'];
    for (const one of similar) {
      expect([sides.positive, sides.negative]).toContain(one.outcome);
      expect(one.days).toBeGreaterThan(0);
      expect(one.differences.length).toBeLessThanOrEqual(3);
      for (const { text } of one.differences) expect(text).toMatch(/^[^_]+: .+ here, .+ there$/);
    }
    expect(similar.some((one) => one.differences.length >= 2)).toBe(true);
    const thai = oneScore.parse((await ask(`/v1/scores/${model}/${id}`, 'th')).body).similar;
    expect(thai.map((one) => one.id)).toEqual(similar.map((one) => one.id));
    for (const { text } of thai.flatMap((one) => one.differences)) expect(text).toContain('รายการนั้น');
    // Nobody's name.
    expect(JSON.stringify(similar)).not.toMatch(/Deal <|Account \d|Rep \d/);
  });

  it('gives as many as asked, and refuses what is no number from 0 to 5', async () => {
    expect(oneScore.parse((await ask('/v1/scores/deal/d45?similar=2')).body).similar).toHaveLength(2);
    expect(oneScore.parse((await ask('/v1/scores/deal/d45?similar=0')).body).similar).toEqual([]);
    for (const bad of ['6', '-1', 'all', '1.5']) {
      expect(await ask(`/v1/scores/deal/d45?similar=${bad}`)).toMatchObject({ status: 400, body: { path: 'similar' } });
    }
  });
});
