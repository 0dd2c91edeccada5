import { expect, test } from 'vitest';
import { cellOf, type Frame, rowsBetween, rowsOf, stackFrames, takeRows, withColumns } from '../../src/frame.ts';

const frame: Frame = {
  ids: ['a', 'b', 'c'],
  asOf: Float64Array.of(1, 2, 3),
  columns: new Map([
    ['x', { type: 'number', values: Float64Array.of(0.5, Number.NaN, 2) }],
    ['y', { type: 'category', codes: Int32Array.of(1, -1, 0), levels: ['p', 'q'] }],
  ]),
};

test('rows are taken in the order asked for, twice where asked twice, and copied', () => {
  const taken = takeRows(frame, [2, 0, 2]);
  expect(taken.ids).toEqual(['c', 'a', 'c']);
  expect([...taken.asOf]).toEqual([3, 1, 3]);
  expect(taken.columns.get('y')).toEqual({ type: 'category', codes: Int32Array.of(0, 1, 0), levels: ['p', 'q'] });
  (taken.columns.get('x') as { values: Float64Array }).values[0] = 9;
  expect(cellOf(frame.columns.get('x')!, 2)).toBe(2);
  expect(rowsOf(takeRows(frame, []))).toBe(0);
});

test('rows between two are views; all of them are the frame', () => {
  const some = rowsBetween(frame, 1, 3);
  expect(some).toEqual(takeRows(frame, [1, 2]));
  expect((some.columns.get('x') as { values: Float64Array }).values.buffer).toBe((frame.columns.get('x') as { values: Float64Array }).values.buffer); // biome-ignore format: one check
  expect(rowsBetween(frame, 0, 3)).toBe(frame);
  expect(rowsOf(rowsBetween(frame, 3, 3))).toBe(0);
});

test('missing cells are null', () => {
  expect([0, 1].map((i) => cellOf(frame.columns.get('x')!, i))).toEqual([0.5, null]);
  expect([0, 1].map((i) => cellOf(frame.columns.get('y')!, i))).toEqual(['q', null]);
});

test('further columns must fit', () => {
  const label = { type: 'number', values: Float64Array.of(1, 0, 1) } as const;
  expect([...withColumns(frame, [['won', label]]).columns.keys()]).toEqual(['x', 'y', 'won']);
  const short = { type: 'number', values: Float64Array.of(1) } as const;
  expect(() => withColumns(frame, [['won', short]])).toThrow(expect.objectContaining({ code: 'frame-column-misfit' }));
  expect(() => withColumns(frame, [['x', label]])).toThrow(expect.objectContaining({ code: 'frame-column-misfit' }));
});

test('stacked, words of each are its own still', () => {
  const other: Frame = { ...frame, columns: new Map([...frame.columns, ['y', { type: 'category', codes: Int32Array.of(0, 1, -1), levels: ['q', 'r'] }]]) }; // biome-ignore format: a frame
  const both = stackFrames([frame, other]);
  expect(both.ids).toEqual([...frame.ids, ...other.ids]);
  expect([...both.asOf]).toEqual([1, 2, 3, 1, 2, 3]);
  const words = Array.from({ length: 6 }, (_, i) => cellOf(both.columns.get('y')!, i));
  expect(words).toEqual(['q', null, 'p', 'q', 'r', null]);
  expect(stackFrames([frame])).toEqual(frame);
  const misfit: Frame = { ...frame, columns: new Map([['x', frame.columns.get('y')!]]) };
  expect(() => stackFrames([frame, misfit])).toThrow(expect.objectContaining({ code: 'frame-column-misfit' }));
});
