import { expect, test } from 'vitest';
import { tableOfRows } from '../../../models/table/tableModel.ts';
import { readTarget, type TargetAsk } from '../../../training/tables/targets.ts';

const rows = Array.from({ length: 40 }, (_, i) => ({
  yes: i % 4 ? 'no' : 'Yes',
  pair: i % 4 ? 'a' : 'b',
  level: ['low', 'mid', 'high', ''][i % 4],
  stars: 1 + (i % 5),
  amount: i * 1.5,
  odd: i ? i * 1.5 : 'many',
  time: i === 3 ? -1 : i,
  months: i,
  churn: i % 2,
  end: ['won', 'lost', 'open', 'lost'][i % 4],
  left: ['quit', ''][i % 2],
  one: 'same',
  name: `n${i}`,
}));
const table = tableOfRows(rows);
const read = (ask: TargetAsk) => readTarget(table, ask);

test('the task goes by what the target says', () => {
  expect(read({ target: 'yes' })).toMatchObject({ task: 'binary', positive: 'Yes', negative: 'no', without: 0 });
  expect(read({ target: 'pair' })).toMatchObject({ task: 'binary', positive: 'b' });
  expect(read({ target: 'pair', positive: 'a' })).toMatchObject({ positive: 'a' });
  const level = read({ target: 'level' });
  expect(level).toMatchObject({ task: 'class', classes: ['high', 'low', 'mid'], without: 10 });
  expect(level.rows).toHaveLength(30);
  expect(read({ target: 'stars' })).toMatchObject({ task: 'class', classes: ['1', '2', '3', '4', '5'] });
  expect(read({ target: 'stars', task: 'amount' })).toMatchObject({ task: 'amount' });
  expect(read({ target: 'amount' }).says).toBe('amount (inferred; --task says otherwise): from 0 to 58.5');
});

test('durations: what is censored, and several causes', () => {
  const one = read({ time: 'months', event: 'churn' });
  expect(one).toMatchObject({ task: 'duration', causes: ['1'] });
  expect(one.task === 'duration' && [one.time[5], one.cause[5], one.cause[4]]).toEqual([5, 1, 0]);
  expect(read({ time: 'months', event: 'end' })).toMatchObject({ causes: ['lost', 'won'] });
  expect(read({ time: 'months', event: 'end', positive: 'won' })).toMatchObject({ causes: ['won'] });
  expect(read({ time: 'months', event: 'left' })).toMatchObject({ causes: ['quit'], without: 0 });
});

test('a number is the same however it is written, and an event of 0.0 is none', () => {
  const written = tableOfRows(
    Array.from({ length: 40 }, (_, i) => ({
      months: 1 + i,
      ended: i % 4 === 0 ? '1.0' : '0.0',
      blanks: i % 10 === 9 ? '' : i % 4 === 0 ? '1.0' : '0.0',
      often: i % 4 === 0 ? '0.0' : '1.0',
      mixed: i % 4 === 0 ? '1' : i % 4 === 1 ? '1.0' : '0',
      churn: i % 4 === 0 ? 'churned' : '',
    })),
  );
  const event = readTarget(written, { time: 'months', event: 'ended' });
  expect(event).toMatchObject({ causes: ['1.0'], without: 0 });
  expect(event.task === 'duration' && [...event.cause].reduce((n, c) => n + c, 0)).toBe(10);
  expect(readTarget(written, { time: 'months', event: 'blanks' })).toMatchObject({ causes: ['1.0'], without: 4 });
  expect(readTarget(written, { target: 'often' })).toMatchObject({ task: 'binary', positive: '1.0' });
  const mixed = readTarget(written, { target: 'mixed' });
  expect(mixed).toMatchObject({ task: 'binary', negative: '0' });
  expect(mixed.task === 'binary' && mixed.event.reduce((n, e) => n + e, 0)).toBe(20);
  expect(readTarget(written, { target: 'often', positive: '1' })).toMatchObject({ positive: '1.0' });
});

test('the event that counts is named: whoever has an empty cell is still censored', () => {
  const blank = tableOfRows(
    Array.from({ length: 40 }, (_, i) => ({ months: 1 + i, churn: i % 4 === 0 ? 'churned' : '' })),
  );
  const [alone, named] = [{}, { positive: 'churned' }].map((more) =>
    readTarget(blank, { time: 'months', event: 'churn', ...more }),
  );
  expect(named).toEqual(alone);
  expect(named).toMatchObject({ without: 0, causes: ['churned'] });
});

test('what a schema calls not known says nothing in a target either', () => {
  const lead = tableOfRows(
    Array.from({ length: 40 }, (_, i) => ({ x: i, y: ['Select', 'won', 'lost', 'won'][i % 4]! })),
  );
  expect(readTarget(lead, { target: 'y' })).toMatchObject({ task: 'class' });
  expect(readTarget(lead, { target: 'y' }, { missing: ['Select'], columns: {} })).toMatchObject({
    task: 'binary',
    without: 10,
  });
  const column = { missing: ['Select'], keep: false };
  expect(readTarget(lead, { target: 'y' }, { missing: [], columns: { y: column } })).toMatchObject({ without: 10 });
});

test.each<[string, TargetAsk, string]>([
  ['no target', {}, 'target-absent'],
  ['a column that is not there', { target: 'won' }, 'column-missing'],
  ['one class only', { target: 'one' }, 'target-one-class'],
  ['three values for yes or no', { target: 'stars', task: 'binary' }, 'target-not-binary'],
  ['a positive value never said', { target: 'yes', positive: 'maybe' }, 'positive-missing'],
  ['more classes than are told apart... never', { target: 'amount', task: 'class' }, ''],
  ['words for an amount', { target: 'odd', task: 'amount' }, 'target-not-number'],
  ['a positive of three classes', { target: 'level', positive: 'low' }, 'positive-unused'],
  ['a positive of an amount', { target: 'amount', positive: '5' }, 'positive-unused'],
  ['a target beside a duration', { target: 'yes', time: 'months', event: 'churn' }, 'target-twice'],
  ['time without event', { time: 'months' }, 'target-absent'],
  ['a time below 0', { time: 'time', event: 'churn' }, 'duration-invalid'],
  ['a cause a row', { time: 'months', event: 'name' }, 'target-classes'],
])('%s', (_, ask, code) => {
  if (code === '') expect(read(ask).task).toBe('class');
  else expect(() => read(ask)).toThrow(expect.objectContaining({ code }));
});

test('rows without a target are left out; too few that have one are refused', () => {
  const few = tableOfRows(rows.map((row, i) => ({ ...row, yes: i < 9 ? row.yes : '' })));
  expect(() => readTarget(few, { target: 'yes' })).toThrow(/9 of 40 rows say something in "yes"; at least 10/);
});

test('durations as R codes them: 1 alive and 2 dead; words that say nothing came', () => {
  const coded = tableOfRows(
    Array.from({ length: 40 }, (_, i) => ({
      days: `${i},5`,
      status: i % 4 === 0 ? 1 : 2,
      event: ['censor', 'alive', 'relapse', 'death'][i % 4]!,
    })),
  );
  expect(readTarget(coded, { time: 'days', event: 'status' })).toMatchObject({ causes: ['2'] });
  expect(readTarget(coded, { time: 'days', event: 'status', positive: '1' })).toMatchObject({ causes: ['1'] });
  const read = readTarget(coded, { time: 'days', event: 'event' });
  expect(read).toMatchObject({ causes: ['death', 'relapse'] });
  expect(read.task === 'duration' && read.time[3]).toBe(3.5);
});

test('an amount with decimals after a comma', () => {
  const amounts = tableOfRows(Array.from({ length: 40 }, (_, i) => ({ x: i, y: `${i % 3}.${100 + i},${i % 10}` })));
  const read = readTarget(amounts, { target: 'y' });
  expect(read).toMatchObject({ task: 'amount' });
  expect(read.task === 'amount' && read.value[37]).toBe(1137.7);
});
