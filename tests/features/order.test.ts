import { expect, test } from 'vitest';
import { simulatedSource } from '../../datasets/synthetic/source.ts';
import { simulate } from '../../datasets/synthetic.ts';
import { featureSets, snapshot } from '../../features/index.ts';
import { takeRows } from '../../src/frame.ts';
import { subjects } from '../../src/subjects/index.ts';
import { landmarks } from '../../src/subjects/landmarks.ts';
import { DAY } from '../../src/time.ts';

test.each(['deal', 'lead', 'churn'] as const)(
  'many looks of %s, which are taken entity by entity, are what few at a time are',
  (model) => {
    const sim = simulate({ deals: 60, seed: 3, scenario: 'calm' });
    const fresh = () => simulatedSource(sim); // norms are kept with a source
    const subject = subjects[model];
    const whole = fresh();
    const once = whole.ids(subject.of).flatMap((id) => landmarks(whole, subject, id, sim.clock.end));
    const looks = Array.from({ length: 1_100 }, (_, i) => {
      const { id, asOf } = once[(i * 7) % once.length]!;
      return { id, asOf: asOf + Math.floor((i * 7) / once.length) * DAY };
    });
    const set = featureSets[model];
    const many = snapshot(fresh(), set, looks, subject.of);
    expect(many.ids).toEqual(looks.map(({ id }) => id));
    const few = fresh();
    const numbers = (frame: typeof many) =>
      [...frame.columns].flatMap(([name, c]) => (c.type === 'number' ? [[name, [...c.values]]] : []));
    for (let from = 0; from < looks.length; from += 550) {
      const rows = looks.slice(from, from + 550).map((_, i) => from + i);
      const part = snapshot(few, set, looks.slice(from, from + 550), subject.of);
      expect(numbers(part)).toEqual(numbers(takeRows(many, rows)));
    }
  },
);
