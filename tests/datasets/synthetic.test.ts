import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { OPEN_STAGES } from '../../datasets/synthetic/constants.ts';
import {
  bundle,
  openAt,
  type Simulation,
  simulate,
  simulatedSource,
  stateAt,
  truthFiles,
} from '../../datasets/synthetic.ts';
import { type RecordDeclaration, records } from '../../src/records.ts';
import { dealState } from '../../src/subjects/deal.ts';
import { world } from '../../src/world.ts';

const calm = simulate({ deals: 200, seed: 11 });
const tiny = simulate({ deals: 30, seed: 12, scenario: 'tiny' });

type Row = Record<string, string>;
const files = new Map([...bundle(calm)].map((file) => [file.name, file]));
const parsed = new Map<string, Row[]>();
/** A file of the calm company's bundle, read back. */
const rowsOf = (name: string): Row[] => {
  let rows = parsed.get(name);
  if (!rows) parsed.set(name, (rows = parse(files.get(name)!.text, { columns: true }) as Row[]));
  return rows;
};
const groupBy = (rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
};
const digest = (sim: Simulation, paths: number) => {
  const hash = createHash('sha256');
  for (const file of bundle(sim)) hash.update(`${file.name}\n${file.text}`);
  for (const file of truthFiles(sim, paths)) hash.update(`${file.name}\n${file.text}`);
  return hash.digest('hex');
};

describe('the bundle', () => {
  it('is the same to the byte for the same seed, and another for another', () => {
    const once = digest(tiny, 4);
    expect(digest(simulate({ deals: 30, seed: 12, scenario: 'tiny' }), 4)).toBe(once);
    expect(digest(simulate({ deals: 30, seed: 13, scenario: 'tiny' }), 4)).not.toBe(once);
  });

  it('has the headers, required cells and words that the records declare', () => {
    const byFile = new Map(Object.values(records).map((one): [string, RecordDeclaration] => [one.file, one]));
    const wrong: string[] = [];
    for (const [file, { rows: count }] of files) {
      if (file === 'company.json') continue;
      const declaration = byFile.get(file)!;
      const rows = rowsOf(file);
      expect(rows.length).toBe(count);
      const extra = Object.keys(rows[0]!).filter((header) => !(header in declaration.columns));
      expect(extra.filter((header) => header !== 'known_at' && header !== 'source')).toEqual([]);
      const keys = new Set(rows.map((row) => declaration.key.map((column) => row[column]).join('|')));
      expect(keys.size, `${file}: keys are unique`).toBe(rows.length);
      for (const [name, column] of Object.entries(declaration.columns)) {
        for (const row of rows) {
          const text = row[name];
          const ok =
            text !== undefined &&
            (text === ''
              ? !column.required
              : (column.levels?.includes(text) ?? true) &&
                (column.type !== 'money' || /^\d+\.\d{2}$/.test(text)) &&
                (column.type !== 'time' || /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\+07:00)?$/.test(text)));
          if (!ok) wrong.push(`${file} ${name} "${text}"`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(files.size).toBe(26);
  });

  it('refers only to what exists', () => {
    const ids = (name: string) => new Set(rowsOf(name).map((row) => row['id']));
    const known: Record<string, Set<string | undefined>> = {
      account_id: ids('accounts.csv'),
      contact_id: ids('contacts.csv'),
      owner_id: ids('users.csv'),
      user_id: ids('users.csv'),
      deal_id: ids('deals.csv'),
      product_id: ids('products.csv'),
      order_id: ids('orders.csv'),
      lead_id: ids('leads.csv'),
      converted_deal_id: ids('deals.csv'),
      campaign_id: ids('campaigns.csv'),
      campaign: ids('campaigns.csv'),
      team_id: ids('teams.csv'),
    };
    const dangling: string[] = [];
    for (const file of files.keys()) {
      if (file === 'company.json') continue;
      for (const row of rowsOf(file)) {
        for (const [name, set] of Object.entries(known))
          if (row[name] && !set.has(row[name])) dangling.push(`${file} ${name} ${row[name]}`);
      }
    }
    expect(dangling).toEqual([]);
  });

  it('has the whole history of every field of a deal that is overwritten', () => {
    const changes = groupBy(
      rowsOf('changes.csv').filter((row) => row['kind'] === 'deal'),
      (row) => `${row['id']} ${row['field']}`,
    );
    for (const deal of rowsOf('deals.csv')) {
      for (const field of ['stage', 'amount', 'expected_close_date', 'owner_id', 'forecast_category']) {
        const own = changes.get(`${deal['id']} ${field}`)!;
        expect(own[0]).toMatchObject({ at: deal['created_at'], old_value: '' });
        own.forEach((change, i) => {
          if (i > 0) expect(change['old_value']).toBe(own[i - 1]!['new_value']);
          if (i > 0) expect(Date.parse(change['at']!)).toBeGreaterThan(Date.parse(own[i - 1]!['at']!));
        });
        expect(own.at(-1)!['new_value'], `${deal['id']} ${field}`).toBe(deal[field]);
      }
    }
  });

  it('has amounts that are the sum of the newest quote', () => {
    const lines = groupBy(rowsOf('quote_lines.csv'), (row) => row['deal_id']!);
    for (const deal of rowsOf('deals.csv')) {
      const own = lines.get(deal['id']!)!;
      const newest = own.filter((line) => line['quote_id'] === own.at(-1)!['quote_id']);
      const sum = newest.reduce((total, line) => total + Number(line['quantity']) * Number(line['unit_price']), 0);
      expect(sum.toFixed(2)).toBe(deal['amount']);
    }
  });

  it('tells nothing before its time', () => {
    const deals = new Map(rowsOf('deals.csv').map((row) => [row['id'], row]));
    const leads = new Map(rowsOf('leads.csv').map((row) => [row['id'], row]));
    const end = calm.clock.end;
    let planned = 0;
    let after = 0;
    const activities = rowsOf('activities.csv');
    for (const activity of activities) {
      const deal = (deals.get(activity['deal_id']) ?? leads.get(activity['lead_id']))!;
      const at = Date.parse(activity['at']!);
      const known = activity['known_at'] ? Date.parse(activity['known_at']) : at;
      const early = known <= Date.parse(deal['created_at']!) || known >= end || known > at;
      const ended = activity['outcome'] !== '' && !(Date.parse(activity['ended_at']!) < end);
      if (early || ended) throw new Error(`before its time: ${JSON.stringify(activity)}`);
      if (at > end) planned++;
      if (deal['closed_at'] && known >= Date.parse(deal['closed_at'])) after++;
    }
    expect(planned).toBeGreaterThan(0); // meetings booked for after the end
    expect(after / activities.length).toBeLessThan(0.03);
    for (const name of ['changes.csv', 'orders.csv', 'quote_lines.csv', 'deal_contacts.csv']) {
      expect(rowsOf(name).filter((row) => Date.parse(row['at']!) >= end)).toEqual([]);
    }
  });

  it('speaks Thai, written without spaces, and English', () => {
    const bodies = rowsOf('activities.csv').map((row) => row['body']!);
    const thai = bodies.filter((body) => /[\u0E00-\u0E7F]{20}/.test(body));
    const english = bodies.filter((body) => body !== '' && /^[\x20-\x7E\n]*$/.test(body));
    expect(thai.length).toBeGreaterThan(800);
    expect(english.length).toBeGreaterThan(200);
  });
});

describe('what is beside the deals', () => {
  /** Rows of a file that the deals alone make, as text: what stood in it before there were leads and contracts. */
  const ofDeals = (sim: Simulation, name: string): string => {
    const text = [...bundle(sim)].find((file) => file.name === name)!.text;
    const rows = parse(text, { columns: true, record_delimiter: '\n' }) as Row[];
    const kept = rows.filter((row) =>
      name === 'activities.csv' || name === 'orders.csv'
        ? row['deal_id'] !== ''
        : name === 'changes.csv'
          ? row['kind'] !== 'lead' && !row['id']!.startsWith('R-')
          : true,
    );
    const digest = createHash('sha256');
    for (const row of kept) digest.update(`${Object.values({ ...row, lead_id: '' }).join('\u0000')}\n`);
    return digest.digest('hex').slice(0, 16);
  };

  // Pinned where deals were all there was: what joined them since draws from streams of its own.
  it.each([
    ['calm', 11, {
      'deals.csv': '68094465bbccdb5a', 'changes.csv': 'cd8584458e73b584', 'activities.csv': '4a7dd9dc8ec8df14',
      'quote_lines.csv': 'fac2b58a3632a09b', 'deal_contacts.csv': '4e436000da76c0f9', 'orders.csv': '511476c652c7bb5f',
      'accounts.csv': '7d67bb150defce4b', 'contacts.csv': '4a7b4fb36ddd568a',
    }], // biome-ignore format: a table
    ['drift', 12, {
      'deals.csv': '226330159ad7a7c2', 'changes.csv': 'e8be6b0daf913f6c', 'activities.csv': '3ff8ebf584381694',
      'quote_lines.csv': '28787b5ac26d0c49', 'deal_contacts.csv': '652c319e7543e3d9', 'orders.csv': '1c50a0f3c24bb21c',
      'accounts.csv': '6f5545601685dc9e', 'contacts.csv': '6a86e5c9bbf90522',
    }], // biome-ignore format: a table
  ] as const)('moves nothing of the deals, %s', (scenario, seed, pins) => {
    const sim = scenario === 'calm' ? calm : simulate({ deals: 200, seed, scenario });
    const found = Object.fromEntries(Object.keys(pins).map((name) => [name, ofDeals(sim, name)]));
    expect(found).toEqual(pins);
  });
});

describe('the company', () => {
  it.each([1, 2, 3])('wins, takes and leaves open about what a company does, seed %i', (seed) => {
    for (const scenario of ['calm', 'drift', 'null'] as const) {
      const sim = simulate({ deals: 800, seed, scenario });
      const closed = sim.paths.filter((deal) => deal.outcome !== null);
      const won = closed.filter((deal) => deal.outcome === 'won').length / closed.length;
      const weeks = closed.map((deal) => (deal.closedAt! - deal.createdAt) / 604_800_000).sort((a, b) => a - b);
      expect(won).toBeGreaterThan(0.28);
      expect(won).toBeLessThan(0.48);
      expect(1 - closed.length / 800).toBeGreaterThan(0.08);
      expect(1 - closed.length / 800).toBeLessThan(0.2);
      expect(weeks[Math.floor(weeks.length / 2)]).toBeGreaterThan(7);
      expect(weeks[Math.floor(weeks.length / 2)]).toBeLessThan(12);
      const each = sim.tables.activity.filter((activity) => activity.dealId !== null).length / 800;
      expect(each).toBeGreaterThan(25);
      expect(each).toBeLessThan(60);
    }
  });

  it('gives weak deals more discount, so that price and winning are confounded', () => {
    const last = calm.paths.map((deal) => ({ weak: deal.traits.weakness, discount: deal.states.at(-1)!.discount }));
    const quoted = last.filter((_, i) => calm.paths[i]!.states.at(-1)!.stage >= 2);
    const mean = (deals: typeof last) => deals.reduce((sum, deal) => sum + deal.discount, 0) / deals.length;
    expect(mean(quoted.filter((deal) => deal.weak > 0))).toBeGreaterThan(
      mean(quoted.filter((deal) => deal.weak < 0)) + 0.01,
    );
  });

  it('is read from its facts on a Monday as it truly was', () => {
    const source = simulatedSource(calm);
    for (const week of [30, 90, calm.clock.weeks]) {
      const cut = world(source, calm.clock.at(week) - 1);
      const open = cut.ids('deal').filter((id) => dealState(cut.past('deal', id)) === 'open');
      expect(open.sort()).toEqual(openAt(calm, week).map((deal) => deal.id));
      for (const deal of openAt(calm, week)) {
        const past = cut.past('deal', deal.id);
        const state = stateAt(deal, week)!;
        expect(past.value('stage')).toBe(OPEN_STAGES[state.stage]);
        expect(past.value('expected_close_date')).toBe(calm.clock.start + state.expectedDay * 86_400_000);
        expect(past.value('amount')).toBeGreaterThan(0);
      }
    }
  });

  it('refuses what it cannot simulate', () => {
    expect(() => simulate({ deals: 0, seed: 1 })).toThrow(/whole number from 1/);
    expect(() => simulate({ deals: 10, seed: 0.5 })).toThrow(/seed/);
  });
});
