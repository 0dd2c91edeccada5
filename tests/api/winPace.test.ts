import { expect, test } from 'vitest';
import { comingDeals } from '../../api/comingDeals.ts';
import { converter, peopleIn, pipelineOf } from '../../api/pipeline.ts';
import { winPace } from '../../api/winPace.ts';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { DAY } from '../../src/time.ts';
import { type FactSource, world } from '../../src/world.ts';
import { before } from './before.ts';

const sim = simulate({ deals: 500, seed: 29 });
const source = simulatedSource(sim);
const asOf = sim.clock.end - 60 * DAY;
const { company } = source;
const convert = converter(source.rates, company.settings.base_currency, company.settings.base_currency);
const period = company.calendar.quarter(company.calendar.quarter(asOf).to);
const people = peopleIn(sim.tables.team, sim.tables.user);

test('what is learned later changes neither the days on which deals are won nor what is to come', () => {
  const at = (from: FactSource) => {
    const then = world(from, asOf);
    return { effects: winPace(then, convert)(0.3).of, coming: comingDeals(then, people, 'all', period, convert) };
  };
  const [cut, whole] = [at(before(source, asOf)), at(source)];
  expect(cut).toEqual(whole);
  expect(cut.coming!.arrivals.mean).toBeGreaterThan(0);
});

test('a company that closes on working days alone is said to; open deals are asked by its pace', () => {
  const then = world(source, asOf);
  const { weekday } = winPace(then, convert)(0).of;
  const working = [...weekday!.subarray(0, 5)].reduce((sum, weight) => sum + weight, 0) / 5;
  expect(working).toBeGreaterThan(1.15);
  for (const day of [5, 6]) expect(weekday![day]!).toBeLessThan(0.6);
  const asked = new Set<unknown>();
  const prediction = { positiveBy: (_row: number, _days: number, pace?: unknown) => 0.5 / asked.add(pace).size };
  const id = then.ids('deal')[0]!;
  pipelineOf({ then, open: () => [id] }, people, prediction, period, convert);
  expect([...asked]).toEqual([winPace(then, convert)]);
});
