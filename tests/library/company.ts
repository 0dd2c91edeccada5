import { random } from '../../src/random.ts';
import { DAY } from '../../src/time.ts';

const START = Date.parse('2024-01-08T03:00:00Z');
/** When the company is looked at. */
export const NOW = START + 760 * DAY;
const day = (n: number) => new Date(START + n * DAY).toISOString();

/**
 * A company of 260 deals, of which those with a visit to the site are won four times in five and the others once in five.
 * Every deal has a meeting, and a call the hour after: nothing but the meeting's outcome tells them apart.
 */
export function visitingCompany(seed: number): Readonly<Record<string, string>> {
  const chance = random(seed);
  const deals: string[] = [];
  const changes: string[] = [];
  const activities: string[] = [];
  const quotes: string[] = [];
  for (let i = 0; i < 260; i++) {
    const born = Math.floor(i * 2.85) + chance.uniform();
    const visit = chance.uniform() < 0.5;
    const won = chance.uniform() < (visit ? 0.8 : 0.2);
    const end = born + 25 + 35 * chance.uniform();
    const closed = end < 755;
    const quote = chance.uniform() < (visit ? 0.85 : 0.25) ? born + 8 + 12 * chance.uniform() : undefined;
    const outcome = closed ? (won ? 'won' : 'lost') : '';
    deals.push(`d${i},a${i % 40},u${i % 3},Deal ${i},${closed ? (won ? 'Won' : 'Lost') : 'New'},${day(born)},${closed ? day(end) : ''},${outcome}`); // biome-ignore format: a row
    changes.push(`deal,d${i},${day(born)},stage,,New`);
    if (closed) changes.push(`deal,d${i},${day(end)},stage,New,${won ? 'Won' : 'Lost'}`);
    activities.push(
      `m${i},meeting,out,${day(born + 1)},${day(born + 1.05)},d${i},${visit ? 'site visit' : 'online'}`,
      `c${i},call,out,${day(born + 1.1)},${day(born + 1.11)},d${i},reached`,
    );
    if (quote !== undefined && quote < Math.min(end, 755)) {
      quotes.push(`q${i},Q${i},d${i},${day(quote)},p0,1,100.00,95.00,THB`);
    }
  }
  const file = (head: string, rows: readonly string[]) => `${[head, ...rows].join('\n')}\n`;
  return {
    'company.json': '{"name":"Visiting","time_zone":"Asia/Bangkok","base_currency":"THB","languages":["th","en"]}',
    'stages.csv': file('stage,rank,kind', ['New,1,open', 'Won,2,won', 'Lost,3,lost']),
    'users.csv': file('id,name', ['u0,Rep 0', 'u1,Rep 1', 'u2,Rep 2']),
    'products.csv': file('id,name,currency,list_price,active_from', ['p0,Box,THB,100.00,2023-01-01']),
    'accounts.csv': file(
      'id,name,created_at',
      Array.from({ length: 40 }, (_, i) => `a${i},Account ${i},2023-06-01`),
    ),
    'deals.csv': file('id,account_id,owner_id,name,stage,created_at,closed_at,outcome', deals),
    'changes.csv': file('kind,id,at,field,old_value,new_value', changes),
    'activities.csv': file('id,kind,direction,at,ended_at,deal_id,outcome', activities),
    'quote_lines.csv': file('id,quote_id,deal_id,at,product_id,quantity,list_price,unit_price,currency', quotes),
  };
}
