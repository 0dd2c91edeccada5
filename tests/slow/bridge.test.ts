import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { forecastChanges, type GroupChange, type Look } from '../../api/forecastChanges.ts';
import { momentsOf } from '../../api/moments.ts';
import type { OpenModel } from '../../api/ports.ts';
import { bundle, type Scenario, simulate } from '../../datasets/synthetic.ts';
import { groupings } from '../../models/forecast/rollup.ts';
import { importBundle } from '../../src/connectors/import.ts';
import { openBundle } from '../../src/connectors/open.ts';
import { random } from '../../src/random.ts';
import { openStore } from '../../src/store/open.ts';
import { subjects } from '../../src/subjects/index.ts';
import { DAY } from '../../src/time.ts';
import { plainModel } from '../api/company.ts';
import { writeFolder } from '../src/connectors/folders.ts';

const PAIRS = Number(process.env['FORESELL_PAIRS'] ?? 10_000);
const SEED = Number(process.env['FORESELL_SEED'] ?? 7);
const WORLDS: readonly Scenario[] = ['calm', 'drift', 'calm', 'drift'];
const DEALS = 90;
/** Days of each company that pairs are drawn of; each is cut and scored once. */
const DATES = 24;

const root = mkdtempSync(join(tmpdir(), 'foresell-bridge-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sum = (of: Iterable<number>) => [...of].reduce((all, minor) => all + minor, 0);

it(`${PAIRS.toLocaleString('en')} random pairs of dates, worlds, periods and groups: causes sum to the change, to the minor unit (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  const draw = random(SEED);
  let pairs = 0;
  let moved = 0;
  const seen = new Set<string>();
  for (const [w, scenario] of WORLDS.entries()) {
    const sim = simulate({ deals: DEALS, seed: SEED + w, scenario });
    const folder = writeFolder(join(root, `world-${w}`), Object.fromEntries([...bundle(sim)].map(({ name, text }) => [name, text]))); // biome-ignore format: one call
    const { end } = sim.clock;
    const store = openStore(join(root, `${w}.db`), { now: () => end });
    const { bundle: read } = await openBundle(folder, { source: 'csv' });
    await importBundle(store, read, { source: 'csv', at: end, dryRun: false });
    const company = store.company();
    // Two versions speak, so that what another version changes is told too.
    const plain = plainModel(company, 'plain-1', false, subjects.deal);
    const shy: OpenModel = {
      ...plain,
      version: 'plain-2',
      predict: (frame, level) => {
        const said = plain.predict(frame, level);
        return { ...said, positiveBy: (row, days) => said.positiveBy(row, days) ** 1.3 };
      },
    };
    const versions = [plain, shy];
    const moments = momentsOf(store);
    const dates = Array.from({ length: DATES }, () => end - 1 - draw.below(500) * DAY).sort((a, b) => a - b);
    const looks = [...new Set(dates)].map((at) => ({ at, moment: moments.at(at) }));
    const look = (k: number): Look => ({
      moment: looks[k]!.moment,
      model: versions[draw.below(2)]!,
      churn: () => undefined,
    });
    for (let k = 0; k < PAIRS / WORLDS.length; k++) {
      const second = 1 + draw.below(looks.length - 1);
      const first = draw.below(second);
      const [from, to] = [looks[first]!.at, looks[second]!.at];
      const near = from + draw.below(200) * DAY;
      const date = company.calendar.date(near);
      const period = [company.calendar.quarter(near), company.calendar.period(date.slice(0, 7)), company.calendar.period(date.slice(0, 4))][draw.below(3)]!; // biome-ignore format: one choice
      const by = groupings[draw.below(groupings.length)]!;
      const answer = forecastChanges(store, look(first), look(second), { from, to, period, by });
      const changes: Pick<GroupChange, 'beforeMinor' | 'afterMinor' | 'causes'>[] = [answer.total, ...answer.groups, ...answer.deals]; // biome-ignore format: one list
      for (const { beforeMinor, afterMinor, causes } of changes) {
        expect(sum(Object.values(causes)) + 0).toBe(afterMinor - beforeMinor + 0);
        for (const cause of Object.keys(causes)) seen.add(cause);
      }
      if (by !== 'all') {
        const tops = answer.groups.filter(({ parentId }) => parentId === null);
        expect(sum(tops.map(({ beforeMinor }) => beforeMinor))).toBe(answer.total.beforeMinor);
        expect(sum(tops.map(({ afterMinor }) => afterMinor))).toBe(answer.total.afterMinor);
      }
      pairs++;
      if (answer.total.beforeMinor !== answer.total.afterMinor) moved++;
    }
    store.close();
  }
  console.log(`bridge: ${pairs} pairs, ${moved} of them moved; causes seen: ${[...seen].sort().join(', ')}`);
  expect(pairs).toBeGreaterThanOrEqual(PAIRS);
  expect(moved).toBeGreaterThan(pairs / 2);
  for (const cause of ['new', 'won', 'lost', 'pushedOut', 'pulledIn', 'amountUp', 'amountDown', 'data', 'newBusiness'])
    expect([...seen]).toContain(cause);
});
