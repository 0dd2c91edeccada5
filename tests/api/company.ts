import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type AppOptions, createApp } from '../../api/app.ts';
import { createEngine } from '../../api/createEngine.ts';
import type { Engine } from '../../api/engine.ts';
import type { OpenModel, Parts } from '../../api/ports.ts';
import { featuresOf } from '../../features/hash.ts';
import { snapshot } from '../../features/index.ts';
import type { Company } from '../../src/company.ts';
import { cellOf, type Frame } from '../../src/frame.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { type ModelName, modelNames, type Subject, subjects } from '../../src/subjects/index.ts';
import { DAY } from '../../src/time.ts';
import { tryImport, writeFolder } from '../src/connectors/folders.ts';
import { scratch } from '../src/store/scratch.ts';

/** The clock of these tests: a Wednesday in the second quarter of 2026. */
export const NOW = Date.parse('2026-05-20T06:30:00Z');
export const LIVE = Date.parse('2026-05-20T06:00:00Z');

const day = (n: number) => new Date(Date.parse('2026-01-05T03:00:00Z') + n * DAY).toISOString();

/** A company of 70 deals (or more), 40 of them (or all but 30) closed, with changes, activities, quotes and orders; no randomness. */
export function bundle(count = 70): Record<string, readonly string[] | string> {
  const deals: string[] = [];
  const changes: string[] = [];
  const activities: string[] = [];
  const quotes: string[] = [];
  const contacts: string[] = [];
  for (let i = 0; i < count; i++) {
    const owner = `u${i % 4}`;
    const account = `a${i % 9}`;
    const born = (i * 11) % 100;
    const closed = i < count - 30;
    const won = closed && i % 3 === 0;
    const end = closed ? born + 10 + (i % 20) : undefined;
    const currency = i === 69 ? 'KWD' : i % 7 === 6 ? 'USD' : 'THB';
    const amount = i % 10 === 9 ? '' : `${(10 + i) * 1000}.50`;
    const stage = closed ? (won ? 'Won' : 'Lost') : i % 2 ? 'Offer' : 'New';
    const close = end === undefined ? '' : day(end);
    deals.push(
      `d${i},${account},${owner},"Deal <${i}> & co",${stage},${amount},${currency},${day(born)},2026-06-${String(1 + (i % 28)).padStart(2, '0')},${close},${closed ? (won ? 'won' : 'lost') : ''}`,
    );
    changes.push(`deal,d${i},${day(born)},owner_id,,${owner},${owner}`, `deal,d${i},${day(born)},stage,,New,${owner}`);
    changes.push(`deal,d${i},${day(born)},expected_close_date,,2026-06-${String(1 + (i % 28)).padStart(2, '0')},`);
    if (amount) changes.push(`deal,d${i},${day(born)},amount,,${amount},${owner}`);
    if (stage !== 'New') changes.push(`deal,d${i},${day(born + 3 + (i % 5))},stage,New,Offer,${owner}`);
    if (closed) changes.push(`deal,d${i},${close},stage,Offer,${stage},${owner}`);
    for (let k = 0; k <= i % 5; k++) {
      const kind = ['email', 'call', 'meeting', 'chat'][k % 4];
      activities.push(
        `x${i}-${k},${kind},${k % 2 ? 'in' : 'out'},${day(born + 1 + k)},d${i},${account},${owner},c${i % 9}`,
      );
    }
    if (i % 2 || !amount) {
      quotes.push(
        `q${i},Q-${i},d${i},${day(born + 2)},p${i % 3},${1 + (i % 4)},100.00,${90 + (i % 10)}.00,${currency}`,
      );
    }
    if (i % 4 === 0) contacts.push(`d${i},c${i % 9},decision maker,${day(born + 1)}`);
  }
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  return {
    'company.json': JSON.stringify({ name: 'Räder & <Söhne>', time_zone: 'Asia/Bangkok', base_currency: 'THB' }),
    'stages.csv': ['stage,rank,kind', 'New,1,open', 'Offer,2,open', 'Won,3,won', 'Lost,4,lost'],
    'teams.csv': ['id,name,parent_id', 't0,Whole,', 't1,North,t0', 't2,South,t0'],
    'users.csv': ['id,name,team_id,active_from', ...range(4).map((i) => `u${i},Rep ${i},t${1 + (i % 2)},2025-01-01`)],
    'accounts.csv': [
      'id,name,industry,region,created_at',
      ...range(9).map((i) => `a${i},Account ${i},${i % 2 ? 'food' : 'retail'},north,2025-0${1 + i}-01`),
    ],
    'contacts.csv': ['id,account_id,title,created_at', ...range(9).map((i) => `c${i},a${i},Buyer,2025-03-01`)],
    'products.csv': [
      'id,name,family,currency,list_price,active_from',
      ...range(3).map((i) => `p${i},Box ${i},boxes,THB,100.00,2025-01-01`),
    ],
    'deals.csv': [
      'id,account_id,owner_id,name,stage,amount,currency,created_at,expected_close_date,closed_at,outcome',
      ...deals,
    ],
    'changes.csv': ['kind,id,at,field,old_value,new_value,by', ...changes],
    'activities.csv': ['id,kind,direction,at,deal_id,account_id,user_id,contact_id', ...activities],
    'deal_contacts.csv': ['deal_id,contact_id,role,at', ...contacts],
    'quote_lines.csv': ['id,quote_id,deal_id,at,product_id,quantity,list_price,unit_price,currency', ...quotes],
    'orders.csv': ['id,account_id,at,status', ...range(18).map((i) => `o${i},a${i % 9},${day(i * 3)},shipped`)],
    'order_lines.csv': [
      'id,order_id,product_id,quantity,unit_price,currency',
      ...range(18).map((i) => `l${i},o${i},p${i % 3},${1 + i},95.00,THB`),
    ],
    'quotas.csv': [
      'owner_id,team_id,period_start,period_end,amount,currency',
      ...range(4).map((i) => `u${i},,2026-04-01,2026-07-01,${300 + i}000.00,THB`),
    ],
    'exchange_rates.csv': ['from,to,at,rate', 'USD,THB,2025-01-01,34.5', 'USD,THB,2026-04-01,36.25'],
  };
}

/** The same company with 24 leads (12 of them ended) and subscriptions of its accounts (two ended, one runs out soon). */
export function wholeBundle(): Record<string, readonly string[] | string> {
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  return {
    ...bundle(),
    'leads.csv': [
      'id,source,campaign,country,owner_id,created_at,status,converted_at,converted_deal_id,closed_at,outcome',
      ...range(24).map((i) => {
        const end = i < 12 ? day(60 + i) : '';
        const won = i < 6;
        return `l${i},${i % 2 ? 'web' : 'fair'},,TH,u${i % 4},${day(40 + i * 3)},new,${won ? end : ''},${won ? `d${i}` : ''},${end},${end && (won ? 'converted' : 'disqualified')}`;
      }),
    ],
    'subscriptions.csv': [
      'id,account_id,product_id,started_at,ends_at,cancelled_at,amount,currency,interval',
      ...range(7).map((i) => `s${i},a${i},p${i % 3},${day(-200 - i)},${day(i === 0 ? 150 : 165)},${i < 3 && i > 0 ? day(100 + i) : ''},900.00,THB,month`), // biome-ignore format: a row
    ],
  };
}

/** A store with that company, in a folder that the caller removes (default: gone when the test is). */
export async function companyStore(
  files: Record<string, readonly string[] | string> = bundle(),
  folder = scratch(),
): Promise<Store> {
  const store = openStore(join(folder, 'company.db'), { now: () => NOW });
  await tryImport(store, writeFolder(join(folder, 'bundle'), files), Date.parse('2026-05-20T05:00:00Z'));
  return store;
}

/** A model without training: each feature moves the odds a little, so that any difference in any of them shows. */
export function plainModel(
  company: Company,
  version = 'plain-1',
  lowSkill = false,
  subject: Subject = subjects.deal,
): OpenModel {
  const features = featuresOf(subject.model, company);
  const part = (frame: Frame, name: string, row: number): number => {
    const column = frame.columns.get(name)!;
    const weight = 0.3 * Math.sin([...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0));
    if (column.type === 'number') {
      return weight * Math.tanh((Number.isNaN(column.values[row]!) ? 3 : column.values[row]!) / 10);
    }
    const word = column.levels[column.codes[row]!] ?? '';
    return weight * Math.sin([...word].reduce((sum, letter) => sum + letter.charCodeAt(0), 1));
  };
  const logit = (frame: Frame, row: number) =>
    features.reduce((sum, feature) => sum + part(frame, feature.name, row), -0.2);
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const timesDays = Float64Array.of(30, 90, 180);
  return {
    subject,
    withinDays: subject.withinDays(company),
    outcomes: 40,
    version,
    featuresHash: 'plain',
    lowSkill,
    rho: 0.03,
    trained: { from: NOW - 200 * DAY, to: NOW, rows: 400, entities: 70, outcomes: { [subject.sides.positive]: 20 } },
    chosen: 'plain',
    metrics: { model: { everAuc: 0.71, everLogLoss: 0.5 }, baseRate: { everAuc: 0.5, everLogLoss: 0.69 } },
    calibration: [
      { n: 30, predicted: 0.2, observed: 0.25 },
      { n: 40, predicted: 0.6, observed: 0.5 },
    ],
    features: features.map((feature) => feature.name),
    snapshot: (source, rows) => snapshot(source, features, rows, subject.of),
    predict: (frame) => {
      const rows = frame.ids.length;
      const probability = Float64Array.from({ length: rows }, (_, row) => sigmoid(logit(frame, row)));
      const positiveBy = (row: number, days: number) => probability[row]! * 0.9 * Math.min(1, days / 180);
      return {
        probability,
        byPeriodEnd: probability.map((_, row) => positiveBy(row, 41)),
        p10Days: probability.map(() => 10),
        p50Days: probability.map(() => 60.5),
        p90Days: probability.map(() => 150),
        timesDays,
        causes: [
          { name: 'won', positive: true },
          { name: 'lost', positive: false },
        ],
        incidence: Float64Array.from({ length: rows * 6 }, (_, cell) => {
          const row = Math.floor(cell / 6);
          const won = positiveBy(row, timesDays[Math.floor((cell % 6) / 2)]!);
          return cell % 2 ? 0.05 : won;
        }),
        positiveBy,
        endBy: (row, days) => Float64Array.of(positiveBy(row, days), 0.05),
      };
    },
    explain: (frame, row, _of, _level, from) => {
      if (lowSkill) return undefined;
      const parts = (of: Frame, at: number) => new Map(features.map(({ name }) => [name, part(of, name, at)]));
      const contributions = parts(frame, row);
      if (!from)
        return { base: -0.2, total: logit(frame, row), contributions, usual: new Map([['deal_age_days', 30]]) };
      const before = parts(from.frame, from.row);
      const usual = new Map<string, number | string>();
      for (const [name, column] of from.frame.columns) {
        contributions.set(name, contributions.get(name)! - before.get(name)!);
        const value = cellOf(column, from.row);
        if (value !== null) usual.set(name, value);
      }
      return { base: logit(from.frame, from.row), total: logit(frame, row), contributions, usual };
    },
    comparer: (frame) => ({
      nearest: (asked, count) =>
        frame.ids
          .map((_, row) => {
            const effect = (name: string) => part(asked.frame, name, asked.row) - part(frame, name, row);
            const effects = new Map(features.map(({ name }) => [name, effect(name)]));
            const distance = [...effects.values()].reduce((sum, value) => sum + Math.abs(value), 0);
            return { row, distance, effects };
          })
          .sort((a, b) => a.distance - b.distance || (frame.ids[a.row]! < frame.ids[b.row]! ? -1 : 1))
          .slice(0, count),
    }),
  };
}

/** An engine whose versions are all the plain model; `serve` makes another one the served. */
export function plainEngine(
  store: Store,
  options: { readonly lowSkill?: boolean; readonly now?: () => number } = {},
): Engine & { serve(version: string, model?: ModelName): void } {
  const parts: Parts = {
    openModel: (subject, bytes, company) =>
      plainModel(company, Buffer.from(bytes).toString('utf8'), options.lowSkill, subject),
    words: (name) =>
      modelNames.flatMap((model) => featuresOf(model, store.company())).find((feature) => feature.name === name),
  };
  const serve = (version: string, model: ModelName = 'deal'): void => {
    if (!store.versions(model).some((known) => known.version === version)) {
      store.putVersion(
        { model, version, createdAt: NOW, lowSkill: options.lowSkill ?? false, summary: { auc: 0.71 } },
        Buffer.from(version),
      );
    }
    const previous = store.served(model) ?? null;
    store.serve({ at: NOW, model, version, previous, action: 'promote', reason: 'test' });
  };
  return { ...createEngine(store, parts, options.now ?? (() => NOW)), serve } as ReturnType<typeof plainEngine>;
}

/** An app over a fresh company with a served model, and a way to ask it. */
export async function testApp(
  options: Partial<AppOptions> = {},
  engineOptions: Parameters<typeof plainEngine>[1] = {},
  folder?: string,
) {
  const store = await companyStore(bundle(), folder);
  const engine = plainEngine(store, engineOptions);
  engine.serve('plain-1');
  const app = createApp(engine, { now: () => NOW, onFailure: (error) => console.error(error), ...options });
  const ask = (path: string, init: RequestInit = {}) =>
    app.request(`http://127.0.0.1:3000${path}`, {
      ...init,
      headers: { host: '127.0.0.1:3000', ...(init.headers as Record<string, string>) },
    });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return { store, engine, app, ask, post };
}

/** One app for all tests of a file that change nothing. */
export function sharedApp(options: Partial<AppOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'foresell-test-'));
  let made: Awaited<ReturnType<typeof testApp>>;
  beforeAll(async () => {
    made = await testApp(options, {}, folder);
  });
  afterAll(() => {
    made.store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => made;
}
