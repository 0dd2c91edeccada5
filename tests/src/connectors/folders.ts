import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvFolder } from '../../../src/connectors/folder.ts';
import { type ImportOptions, type ImportReport, importBundle } from '../../../src/connectors/import.ts';
import { rejectsFile } from '../../../src/connectors/rejects.ts';
import type { Store } from '../../../src/store/store.ts';

/** Instant of the first import in tests. */
export const IMPORTED = Date.UTC(2026, 5, 1, 12);

/** Writes files as given: text, or rows joined by commas. */
export function writeFolder(
  folder: string,
  files: Readonly<Record<string, string | Buffer | readonly string[]>>,
): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files))
    writeFileSync(
      join(folder, name),
      Array.isArray(content) ? `${content.join('\n')}\n` : (content as string | Buffer),
    );
  return folder;
}

export interface Tried {
  readonly report: ImportReport;
  /** Lines of the rejects file below its header. */
  readonly rejects: readonly string[];
}

/** Imports a folder as the command does, under the source name `crm`. */
export async function tryImport(
  store: Store,
  folder: string,
  at = IMPORTED,
  dryRun = false,
  complete?: ImportOptions['complete'],
): Promise<Tried> {
  const path = `${folder}-rejects.csv`;
  const bundle = await csvFolder(folder);
  const report = await importBundle(store, bundle, { source: 'crm', at, dryRun, complete, rejects: rejectsFile(path) });
  const rejects = report.total.rejected ? readFileSync(path, 'utf8').trim().split('\n').slice(1) : [];
  return { report, rejects };
}

/** Two accounts, two users, three deals with a history: small enough to reason about, whole enough to mean something. */
export const small = {
  'company.json': JSON.stringify({
    name: 'Small',
    time_zone: 'Asia/Bangkok',
    base_currency: 'THB',
    fixed: ['deal.channel'],
  }),
  'stages.csv': ['stage,rank,kind', 'New,1,open', 'Offer,2,open', 'Won,3,won', 'Lost,4,lost'],
  'users.csv': ['id,name,team_id,active_from', 'u1,Ann,t1,2025-01-01', 'u2,Bo,t1,2025-01-01'],
  'teams.csv': ['id,name', 't1,North'],
  'accounts.csv': [
    'id,name,industry,employees,created_at',
    'a1,Acme,retail,10,2025-01-01',
    'a2,ไทยค้า,food,,2025-02-01',
  ],
  'products.csv': ['id,name,family,currency,list_price,active_from', 'p1,Box,boxes,THB,100.00,2025-01-01'],
  'deals.csv': [
    'id,account_id,owner_id,stage,amount,currency,created_at,closed_at,outcome,channel',
    'd1,a1,u1,Won,1200.50,THB,2025-03-01T09:00:00+07:00,2025-04-01T10:00:00+07:00,won,web',
    'd2,a2,u2,Offer,900,THB,2025-03-05T09:00:00+07:00,,,shop',
    'd3,a2,u1,New,500.00,THB,2025-03-07,,,',
  ],
  'changes.csv': [
    'kind,id,at,field,old_value,new_value,by',
    'deal,d1,2025-03-10T09:00:00+07:00,stage,New,Offer,u1',
    'deal,d1,2025-04-01T10:00:00+07:00,stage,Offer,Won,u1',
    'deal,d1,2025-03-12T09:00:00+07:00,amount,1000.00,1200.50,u1',
    'deal,d2,2025-03-09T09:00:00+07:00,owner_id,u1,u2,',
    'deal,d2,2025-03-11T09:00:00+07:00,stage,New,Offer,u2',
  ],
  'activities.csv': [
    'id,kind,direction,at,ended_at,deal_id,account_id,user_id,subject,outcome,known_at',
    'x1,call,out,2025-03-09T10:00:00+07:00,2025-03-09T10:20:00+07:00,d1,a1,u1,"Hello, there",reached,',
    'x2,meeting,,2025-03-20T10:00:00+07:00,2025-03-20T11:00:00+07:00,d1,a1,u1,Visit,held,2025-03-10T08:00:00+07:00',
  ],
  'quote_lines.csv': [
    'id,quote_id,deal_id,at,product_id,quantity,list_price,unit_price,currency',
    'q1,Q-1,d1,2025-03-15T09:00:00+07:00,p1,13,100.00,92.35,THB',
  ],
  'orders.csv': ['id,account_id,deal_id,at,status', 'o1,a1,d1,2025-04-02T09:00:00+07:00,shipped'],
  'order_lines.csv': ['id,order_id,product_id,quantity,unit_price,currency', 'l1,o1,p1,13,92.35,THB'],
} as const;
