import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { writeFolder } from '../src/connectors/folders.ts';

const DEALS = Number(process.env['FORESELL_LARGE_DEALS'] ?? 45_000);
const ACTIVITIES = 18;
const child = fileURLToPath(new URL('largeImportChild.mjs', import.meta.url));

/** Writes a bundle of DEALS deals, three changes and 18 activities each: with 45,000 deals a million rows and more. */
async function writeLarge(folder: string): Promise<number> {
  writeFolder(folder, {
    'company.json': '{"name":"Large","time_zone":"Asia/Bangkok","base_currency":"THB"}',
    'stages.csv': ['stage,rank,kind', 'New,1,open', 'Offer,2,open', 'Won,3,won', 'Lost,4,lost'],
  });
  let rows = 4;
  const day = (i: number) => `202${3 + (i % 3)}-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`; // biome-ignore format: one text
  const write = async (name: string, header: string, each: (i: number) => string) => {
    const out = createWriteStream(join(folder, name));
    out.write(`${header}\n`);
    for (let i = 0; i < DEALS; i++) if (!out.write(each(i))) await once(out, 'drain');
    out.end();
    await once(out, 'finish');
  };
  await write('deals.csv', 'id,account_id,owner_id,name,stage,amount,currency,created_at,expected_close_date,closed_at,outcome', (i) => {
    rows++;
    const end = i % 4 > 1 ? `${day(i)}T17:00:00+07:00,${i % 4 === 2 ? 'won' : 'lost'}` : ',';
    return `d${i},a${i % 9000},u${i % 60},Deal ${i},${['New', 'Offer', 'Won', 'Lost'][i % 4]},${i}.50,THB,${day(i)}T09:00:00+07:00,${day(i + 9)},${end}\n`;
  }); // biome-ignore format: one file
  await write('changes.csv', 'kind,id,at,field,old_value,new_value,by', (i) => {
    rows += 3;
    return [`stage,New,Offer`, `amount,${i}.00,${i}.50`, `owner_id,u1,u${i % 60}`].map((what, j) => `deal,d${i},${day(i)}T1${j}:30:00+07:00,${what},u2\n`).join('');
  }); // biome-ignore format: one file
  await write('activities.csv', 'id,kind,direction,at,deal_id,account_id,contact_id,user_id,subject,body', (i) => {
    rows += ACTIVITIES;
    return Array.from({ length: ACTIVITIES }, (_, j) => `x${i}-${j},${['email', 'call', 'chat'][j % 3]},${j % 2 ? 'in' : 'out'},${day(i)}T${8 + (j % 10)}:${10 + j}:00+07:00,d${i},a${i % 9000},c${i % 9000},u${i % 60},"Re: offer ${j}, ครับ","ขอบคุณสำหรับใบเสนอราคา we will come back on price ${i} and delivery"\n`.replace('T8:', 'T08:').replace('T9:', 'T09:')).join('');
  }); // biome-ignore format: one file
  return rows;
}

test('a million rows come in by a bounded memory, and come again unchanged', { timeout: 1_200_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'foresell-large-'));
  try {
    const rows = await writeLarge(join(folder, 'in'));
    for (const run of ['first', 'again']) {
      const out = join(folder, `${run}.json`);
      const { status, stderr } = spawnSync(process.execPath, [child, join(folder, 'x.db'), join(folder, 'in'), out], { encoding: 'utf8' }); // biome-ignore format: one call
      expect(status, stderr).toBe(0);
      const said = JSON.parse(readFileSync(out, 'utf8')) as { total: Record<string, number>; seconds: number; rssMb: number }; // biome-ignore format: one type
      console.info(`large-import ${run} ${JSON.stringify(said)}`);
      const [accepted, unchanged] = run === 'first' ? [rows, 0] : [0, rows];
      expect(said.total).toEqual({ read: rows, accepted, unchanged, rejected: 0 });
      expect(said.rssMb).toBeLessThanOrEqual(300);
      expect(existsSync(join(folder, 'x.db-import'))).toBe(false);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
