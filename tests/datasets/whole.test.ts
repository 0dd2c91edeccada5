import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { writeBundle } from '../../datasets/main.ts';
import { damagedFiles } from '../../datasets/synthetic/dirty.ts';
import { type Scenario, simulate } from '../../datasets/synthetic.ts';
import { company, parseSettings } from '../../src/company.ts';
import { readHeader, readRows } from '../../src/connectors/csv.ts';
import { csvFolder } from '../../src/connectors/folder.ts';
import { checkerFor, isFault } from '../../src/connectors/validate.ts';

const root = mkdtempSync(join(tmpdir(), 'foresell-whole-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SEED = 17;
const dirs = new Map<Scenario, string>();
/** The folder of a small company, streamed as `generate` does. */
const dirOf = (scenario: Scenario): string => {
  let dir = dirs.get(scenario);
  if (!dir) {
    dirs.set(scenario, (dir = join(root, scenario)));
    writeBundle(dir, { deals: 110, seed: SEED, scenario }, { truth: 2 });
  }
  return dir;
};
type Row = Record<string, string>;
const rowsOf = (scenario: Scenario, name: string): Row[] =>
  parse(readFileSync(join(dirOf(scenario), name)), { columns: true, bom: true, relax_column_count: true }) as Row[];

/** Each row of each file as the connector believes or refuses it: `file:line` and the code, '' where accepted. */
async function read(dir: string): Promise<Map<string, string>> {
  const folder = await csvFolder(dir);
  const rules = company(parseSettings(folder.settings, 'company.json'));
  const codes = new Map<string, string>();
  for (const table of folder.tables) {
    const checker = checkerFor(table.kind, table.file, table.columns, 'csv', rules);
    for await (const row of table.rows()) {
      const checked = row.refused ?? checker.check(row.cells);
      codes.set(`${table.file}:${row.line}`, row.refused ? row.refused.code : isFault(checked as never) ? (checked as { code: string }).code : ''); // biome-ignore format: one choice
    }
  }
  return codes;
}

describe.each(['calm', 'null', 'leaky', 'retail'] as const)('%s', (scenario) => {
  it('is read back by the connector without a reject', async () => {
    const codes = await read(dirOf(scenario));
    expect([...codes].filter(([, code]) => code !== '')).toEqual([]);
    expect(codes.size).toBeGreaterThan(1000);
  });

  it('has references only to what exists, and unique keys', () => {
    const ids = (name: string) => new Set(readdirSync(dirOf(scenario)).includes(name) ? rowsOf(scenario, name).map((row) => row['id']) : []); // biome-ignore format: one look
    const known: Record<string, Set<string | undefined>> = {
      account_id: ids('accounts.csv'),
      contact_id: ids('contacts.csv'),
      lead_id: ids('leads.csv'),
      deal_id: ids('deals.csv'),
      converted_deal_id: ids('deals.csv'),
      campaign_id: ids('campaigns.csv'),
      order_id: ids('orders.csv'),
      product_id: ids('products.csv'),
      owner_id: ids('users.csv'),
    };
    for (const name of readdirSync(dirOf(scenario)).filter((file) => file.endsWith('.csv'))) {
      const rows = rowsOf(scenario, name);
      for (const [column, set] of Object.entries(known)) {
        const nobody = rows.filter((row) => row[column] && !set.has(row[column]));
        expect(nobody, `${name} ${column}`).toEqual([]);
      }
      if (rows[0]!['id'] !== undefined && name !== 'changes.csv')
        expect(new Set(rows.map((row) => row['id'])).size, name).toBe(rows.length);
    }
  });
});

describe('time', () => {
  const later = (rows: readonly Row[], before: string, after: string) =>
    rows.filter((row) => row[before] && row[after] && !(Date.parse(row[after]) >= Date.parse(row[before])));

  it('runs forwards in every file, and nothing is known after the end', () => {
    const end = Date.parse('2026-11-16T00:00:00+07:00');
    for (const [file, pairs] of Object.entries({
      'leads.csv': [
        ['created_at', 'closed_at'],
        ['created_at', 'converted_at'],
      ],
      'subscriptions.csv': [
        ['started_at', 'ends_at'],
        ['started_at', 'cancelled_at'],
      ],
      'invoices.csv': [
        ['issued_at', 'due_at'],
        ['issued_at', 'paid_at'],
      ],
      'tickets.csv': [
        ['opened_at', 'first_reply_at'],
        ['first_reply_at', 'closed_at'],
      ],
      'campaign_members.csv': [
        ['sent_at', 'opened_at'],
        ['opened_at', 'clicked_at'],
        ['clicked_at', 'responded_at'],
      ],
      'consents.csv': [['given_at', 'withdrawn_at']],
      'orders.csv': [['at', 'delivered_at']],
      'activities.csv': [['known_at', 'at']],
    })) {
      // biome-ignore format: a table
      const rows = rowsOf('calm', file);
      for (const [before, after] of pairs)
        expect(later(rows, before!, after!), `${file} ${before} ${after}`).toEqual([]);
      const planned = ['ends_at', 'due_at', 'promised_at', 'at', 'known_at', 'ended_at', 'started_at'];
      for (const row of rows)
        for (const [name, text] of Object.entries(row))
          if (/_at$/.test(name) && !planned.includes(name) && text !== '')
            expect(Date.parse(text), name).toBeLessThan(end);
    }
  });

  it('lets a lead become its deal: minutes before it, of the same source and country', () => {
    const deals = new Map(rowsOf('calm', 'deals.csv').map((row) => [row['id'], row]));
    const accounts = new Map(rowsOf('calm', 'accounts.csv').map((row) => [row['id'], row]));
    const linked = rowsOf('calm', 'leads.csv').filter((row) => row['converted_deal_id'] !== '');
    expect(linked.length).toBeGreaterThan(8); // a small company often has no deal of the week and source
    for (const lead of linked) {
      const deal = deals.get(lead['converted_deal_id'])!;
      expect(deal['lead_id']).toBe(lead['id']);
      expect(deal['source']).toBe(lead['source']);
      expect(lead['outcome']).toBe('converted');
      expect(accounts.get(deal['account_id'])!['country']).toBe(lead['country']);
      const minutes = (Date.parse(deal['created_at']!) - Date.parse(lead['converted_at']!)) / 60_000;
      expect(minutes).toBe(12);
    }
    expect([...deals.values()].filter((deal) => deal['lead_id'] !== '').length).toBe(linked.length);
  });

  it('has the whole history of the status of a lead', () => {
    const changes = rowsOf('calm', 'changes.csv').filter((row) => row['kind'] === 'lead' && row['field'] === 'status');
    for (const lead of rowsOf('calm', 'leads.csv')) {
      const own = changes.filter((row) => row['id'] === lead['id']);
      expect(own[0]).toMatchObject({ at: lead['created_at'], old_value: '', new_value: 'New' });
      expect(own.at(-1)!['new_value']).toBe(lead['status']);
      own.forEach((change, i) => {
        if (i > 0) expect(Date.parse(change['at']!)).toBeGreaterThan(Date.parse(own[i - 1]!['at']!));
      });
      if (lead['closed_at'])
        expect(own.every((change) => Date.parse(change['at']!) <= Date.parse(lead['closed_at']!))).toBe(true);
    }
  });

  it('renews a contract by a row that follows the day after the last', () => {
    const groups = new Map<string, Row[]>();
    for (const row of rowsOf('calm', 'subscriptions.csv'))
      groups.set(row['account_id']!, [...(groups.get(row['account_id']!) ?? []), row]);
    let reduced = 0;
    for (const own of groups.values()) {
      own.forEach((row, i) => {
        if (i === 0) return;
        const before = own[i - 1]!;
        expect(before['cancelled_at']).toBe('');
        expect(Date.parse(row['started_at']!) - Date.parse(before['ends_at']!)).toBe(86_400_000);
        if (Number(row['amount']) < 0.9 * Number(before['amount'])) reduced++;
      });
    }
    expect(groups.size).toBeGreaterThan(20);
    expect(reduced).toBeGreaterThan(0);
  });
});

describe('streaming', () => {
  it.each(['tiny', 'leaky', 'dirty', 'retail'] as const)('%s gives the bytes of the company in memory', (scenario) => {
    const ask = { deals: 25, seed: 18, scenario };
    const [streamed, whole] = [join(root, `s-${scenario}`), join(root, `w-${scenario}`)];
    const one = writeBundle(streamed, ask, { truth: 2 });
    const other = writeBundle(whole, simulate(ask), { truth: 2 });
    expect(one.files).toEqual(other.files);
    for (const { name } of one.files)
      expect(readFileSync(join(streamed, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
  });
});

describe('leaky', () => {
  it('names leaks that are there, and calls their columns known from the start', () => {
    const settings = JSON.parse(readFileSync(join(dirOf('leaky'), 'company.json'), 'utf8')) as { fixed: string[] };
    const leaks = rowsOf('leaky', 'truth/leaks.csv');
    expect(leaks.map((leak) => leak['kind'])).toContain('suspect');
    for (const leak of leaks) {
      const rows = rowsOf('leaky', leak['file']!);
      if (!leak['column']!.includes('=')) expect(rows[0]).toHaveProperty(leak['column']!);
      if (leak['setting']) expect(settings.fixed).toContain(leak['setting'].split(': ')[1]);
    }
    const deals = rowsOf('leaky', 'deals.csv');
    const filled = (column: string, outcome: string) => deals.filter((deal) => deal['outcome'] === outcome && deal[column] !== '').length; // biome-ignore format: one count
    expect(filled('contract_number', 'lost') + filled('contract_number', '')).toBe(0);
    expect(filled('contract_number', 'won')).toBeGreaterThan(20);
    expect(filled('loss_note', 'won')).toBe(0);
    expect(rowsOf('leaky', 'changes.csv').filter((row) => row['kind'] === 'deal' && row['field'] === 'owner_id')).toEqual([]); // biome-ignore format: one look
  });

  it('leaves what else is known of the deals as it is in calm', () => {
    const plain = (rows: readonly Row[]) => rows.map(({ id, account_id, stage, amount, closed_at, outcome }) => ({ id, account_id, stage, amount, closed_at, outcome })); // biome-ignore format: one row
    expect(plain(rowsOf('leaky', 'deals.csv'))).toEqual(plain(rowsOf('calm', 'deals.csv')));
  });
});

describe('dirty', () => {
  it('names every row that the connector refuses, and nothing else is refused', async () => {
    const codes = await read(dirOf('dirty'));
    const spoiled = rowsOf('dirty', 'truth/dirty.csv').filter((row) => row['line'] !== '0');
    const wanted = new Map(spoiled.map((row) => [`${row['file']}:${row['line']}`, row]));
    const wrong: string[] = [];
    for (const [place, code] of codes) {
      const row = wanted.get(place);
      const expected = row?.['expect'] === 'reject' ? row['code'] : '';
      if (code !== expected)
        wrong.push(`${place} ${row?.['defect']} (${row?.['field']}): got "${code}", expected "${expected}"`);
    }
    expect(wrong).toEqual([]);
    for (const place of wanted.keys()) expect(codes.has(place), place).toBe(true);
    expect(spoiled.length / codes.size).toBeGreaterThan(0.015);
    expect(spoiled.length / codes.size).toBeLessThan(0.025);
    expect(new Set(spoiled.map((row) => row['defect'])).size).toBeGreaterThan(14);
  });

  it('holds damaged files beside the bundle, refused or read as said', async () => {
    const rules = company(parseSettings({}, 'none'));
    for (const file of damagedFiles()) {
      const path = join(dirOf('dirty'), 'truth', 'refused', file.name);
      const code = await (async () => {
        try {
          const header = await readHeader(path);
          checkerFor('account', file.name, header, 'csv', rules);
          for await (const row of readRows(path, header.length)) if (row.refused) return row.refused.code;
          return '';
        } catch (error) {
          return (error as { code: string }).code;
        }
      })();
      expect(code, file.kind).toBe(file.code);
    }
  });
});
