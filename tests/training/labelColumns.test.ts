import { expect, test } from 'vitest';
import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY } from '../../src/time.ts';
import { labelColumns } from '../../training/labelColumns.ts';

const sim = simulate({ deals: 40, seed: 21 });
const source = simulatedSource(sim);
const rows = source.ids('deal').map((id) => ({ id, asOf: source.history('deal', id)!.deal![0]!.knownAt }));

test('each row says what became of it by then, and no close that was learned later', () => {
  for (const until of [sim.clock.end, sim.clock.end - 300 * DAY]) {
    const looks = rows.filter(({ asOf }) => asOf < until);
    const columns = new Map(labelColumns(source, subjects.deal, looks, until));
    const outcome = columns.get('label_outcome')!;
    const days = columns.get('label_days')!;
    if (outcome.type !== 'category' || days.type !== 'number') throw new Error('label columns changed their types');
    const { codes, levels } = outcome;
    const { values } = days;
    looks.forEach(({ id, asOf }, row) => {
      const closed = source.history('deal', id)?.closed?.[0];
      const known = closed && closed.knownAt <= until ? closed : undefined;
      expect(codes[row] === -1 ? undefined : levels[codes[row]!]).toBe(known?.outcome ?? undefined);
      expect(values[row]).toBeCloseTo(((known?.at ?? until) - asOf) / DAY, 9);
    });
  }
});
