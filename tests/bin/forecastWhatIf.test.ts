import { expect, test } from 'vitest';
import { pipelineEdits } from '../../api/whatifAnswer.ts';
import { editsOf, listed, paired } from '../../bin/commands/forecastWhatIf.ts';

const common = { db: 'x.db', json: false, quiet: false, seed: 1 };

test('edits of the command line are those of a request', () => {
  const given = editsOf(
    {
      ...common,
      drop: listed('csv:D1, D2'),
      push: paired('csv:D3=30,D4=-7'),
      reprice: paired('D=5=1800000.5'),
      headcount: -2,
    },
    'THB',
  );
  expect(given).toEqual({
    drop: ['csv:D1', 'D2'],
    push: [
      { id: 'csv:D3', days: 30 },
      { id: 'D4', days: -7 },
    ],
    reprice: [{ id: 'D=5', amount: { minor: 180_000_050, currency: 'THB' } }],
    headcount: -2,
  });
  expect(pipelineEdits.parse(given)).toMatchObject({ win: [], winRate: 1, newBusiness: 1 });
});

test('what cannot be meant is refused, with the option', () => {
  expect(() => listed('D1,,D2')).toThrow('ids separated by commas');
  expect(() => paired('D1')).toThrow('ID=VALUE');
  expect(() => editsOf({ ...common, push: paired('D1=soon') }, 'THB')).toThrow('--push D1=soon: expected days');
  expect(() => editsOf({ ...common, push: paired('D1=400') }, 'THB')).toThrow('from -366 to 366');
  expect(() => editsOf({ ...common, reprice: paired('D1=1.005') }, 'THB')).toThrow(
    '--reprice D1=1.005: expected an amount in THB',
  );
  expect(() => editsOf(common, 'THB')).toThrow('nothing is changed; give --drop');
});
