import { isDeepStrictEqual } from 'node:util';
import { simulatedSource } from '../datasets/synthetic/source.ts';
import { simulate } from '../datasets/synthetic.ts';
import { featuresOf } from '../features/hash.ts';
import { snapshot } from '../features/index.ts';
import { subjects } from '../src/subjects/index.ts';
import { landmarks } from '../src/subjects/landmarks.ts';
import { type Bench, compare, ratioOf } from './measure.ts';
import { plainSnapshot } from './plain/world.ts';

const DEALS = 300;
const SEED = 11;
const ROWS = 500;

/** The features of landmark rows by cuts that looks share, against filtering every entity's facts anew at every look. */
export const features: Bench = {
  name: 'features',
  says: `all features of ${ROWS} looks at deals, norms known: time lines against the plain way, which gives the same bits`,
  async run() {
    const sim = simulate({ deals: DEALS, seed: SEED, scenario: 'calm' });
    const source = simulatedSource(sim);
    const all = source.ids('deal').flatMap((id) => landmarks(source, subjects.deal, id, sim.clock.end));
    const looks = all.filter((_, i) => i % Math.ceil(all.length / ROWS) === 0);
    const set = featuresOf('deal', source.company);
    const [ours, plain] = [snapshot(source, set, looks), plainSnapshot(source, set, looks)];
    if (!isDeepStrictEqual(ours, plain)) throw new Error('the two ways give different features');
    const timings = await compare(
      () => void snapshot(source, set, looks),
      () => void plainSnapshot(source, set, looks),
      looks.length,
    );
    return ratioOf(features, timings, { ours: 'time lines, by the look', other: 'the plain way, by the look' });
  },
};
