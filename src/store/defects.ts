import type { Company } from '../company.ts';
import type { Connection } from './connection.ts';

/** A weakness of the records that costs the forecast something. */
export interface Defect {
  readonly code: DefectCode;
  /** How many rows have it, and of how many that could. */
  readonly rows: number;
  readonly of: number;
  /** What it costs, in words; figures in it are counted, never estimated from elsewhere. */
  readonly says: string;
}
export type DefectCode =
  | 'created-at-missing' | 'half-closed' | 'closed-before-created' | 'stage-history-missing' | 'won-without-amount' | 'close-date-missing'
  | 'close-date-month-end' | 'stage-undefined' | 'rate-missing' | 'activity-unlinked' | 'activity-backdated' | 'activity-at-close'; // biome-ignore format: one list

/** Share of days that end a month: 12 of 365.25. */
const MONTH_ENDS = 12 / 365.25;
const HOUR = 3_600_000;

/**
 * The defects that the records have, those that cost training first. Cost: a scan of deals and one of activities, each
 * activity with a look-up of its deal.
 */
export function defectsOf(db: Connection, company: Company): readonly Defect[] {
  const count = (sql: string, ...values: readonly (string | number)[]) =>
    db
      .prepare<(string | number)[], number>(sql)
      .pluck()
      .get(...values)!;
  const defects: Defect[] = [];
  const note = (code: DefectCode, rows: number, of: number, says: string) => {
    if (rows > 0) defects.push({ code, rows, of, says: `${num(rows)} of ${num(of)} ${says}` });
  };
  const deals = count('SELECT count(*) FROM deals');
  const closed = count('SELECT count(*) FROM deals WHERE closed_at IS NOT NULL AND outcome IS NOT NULL');
  const open = deals - closed;

  const uncreated = count('SELECT count(*) FROM deals WHERE created_at IS NULL');
  note('created-at-missing', uncreated, deals, 'deals do not say when they were created: they train nothing, since nobody can say what was known of them when'); // biome-ignore format: one sentence

  const half = count('SELECT count(*) FROM deals WHERE (closed_at IS NULL) <> (outcome IS NULL)');
  note('half-closed', half, deals, 'deals have an outcome or a closing time but not both: they count as open, so they train no outcome and no date and stay in the forecast'); // biome-ignore format: one sentence

  const early = count('SELECT count(*) FROM deals WHERE outcome IS NOT NULL AND closed_at + 86400000 <= created_at');
  note('closed-before-created', early, closed, 'closed deals were closed before they were created, as typed in afterwards: what they brought counts, but they train nothing'); // biome-ignore format: one sentence

  const unstaged = count("SELECT count(*) FROM deals d WHERE d.closed_at IS NOT NULL AND d.outcome IS NOT NULL AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.kind = 'deal' AND c.id = d.id AND c.field = 'stage')"); // biome-ignore format: one statement
  if (!company.isFixed('deal', 'stage'))
    note('stage-history-missing', unstaged, closed, 'closed deals have no history of their stage: they train outcome and date, but nothing of stages, time in stage or steps back'); // biome-ignore format: one sentence

  const [won, unpaid] = ['', ' AND amount_minor IS NULL'].map((more) => count(`SELECT count(*) FROM deals WHERE closed_at IS NOT NULL AND outcome = 'won'${more}`)) as [number, number]; // biome-ignore format: a row
  note('won-without-amount', unpaid, won, 'won deals have no amount: they add nothing to what was closed, and train nothing about amounts'); // biome-ignore format: one sentence

  const undated = count('SELECT count(*) FROM deals WHERE (closed_at IS NULL OR outcome IS NULL) AND expected_close_date IS NULL'); // biome-ignore format: one statement
  note('close-date-missing', undated, open, 'open deals have no expected close date: when they close is foretold from their age, stage and contacts alone'); // biome-ignore format: one sentence

  monthEnds(db, company, note);

  const unknown = db
    .prepare<[], { stage: string; pipeline: string | null; n: number }>('SELECT stage, pipeline, count(*) AS n FROM deals WHERE stage IS NOT NULL GROUP BY stage, pipeline') // biome-ignore format: one statement
    .all()
    .reduce((sum, { stage, pipeline, n }) => sum + (company.stage(stage, pipeline) ? 0 : n), 0);
  note('stage-undefined', unknown, deals, 'deals are in a stage that stages.csv does not define: how far along they are is unknown, the stage counts as a name only'); // biome-ignore format: one sentence

  const base = company.settings.base_currency;
  const foreign = db.prepare<[string, string, string], { currency: string; n: number }>(
    `SELECT currency, count(*) AS n FROM deals d WHERE (closed_at IS NULL OR outcome IS NULL) AND currency IS NOT NULL AND currency <> ?
     AND NOT EXISTS (SELECT 1 FROM exchange_rates r WHERE (r."from" = d.currency AND r."to" = ?) OR (r."to" = d.currency AND r."from" = ?))
     GROUP BY currency ORDER BY currency`,
  );
  for (const { currency, n } of foreign.all(base, base, base))
    note('rate-missing', n, open, `open deals are in ${currency}, of which no rate to ${base} was given: they are forecast apart and are in no total`); // biome-ignore format: one sentence

  const activities = count('SELECT count(*) FROM activities');
  if (activities > 0) {
    const loose = count('SELECT count(*) FROM activities WHERE deal_id IS NULL AND lead_id IS NULL AND account_id IS NULL'); // biome-ignore format: one statement
    note('activity-unlinked', loose, activities, 'activities name no deal, lead or account: no model sees them');
    const { late, near } = db
      .prepare<[], { late: number | null; near: number | null }>(
        `SELECT sum(a.at < d.closed_at AND a.known_at > d.closed_at) AS late, sum(a.known_at IS NULL AND abs(a.at - d.closed_at) <= ${HOUR}) AS near
         FROM activities a JOIN deals d ON d.id = a.deal_id WHERE d.closed_at IS NOT NULL`,
      )
      .get()!;
    note('activity-backdated', late ?? 0, activities, 'activities are dated before the close of their deal but were written down after it: nothing learns from them for the time before'); // biome-ignore format: one sentence
    note('activity-at-close', near ?? 0, activities, 'activities are dated within an hour of the close of their deal and do not say when they were written down: if the close wrote them, they tell the outcome; export known_at'); // biome-ignore format: one sentence
  }
  return defects;
}

/** Dates that a form filled in: more of them end a month than chance would have. */
function monthEnds(
  db: Connection,
  { calendar }: Company,
  note: (code: DefectCode, rows: number, of: number, says: string) => void,
): void {
  let all = 0;
  let ends = 0;
  const dates = db.prepare<[], number>('SELECT expected_close_date FROM deals WHERE expected_close_date IS NOT NULL').pluck(); // biome-ignore format: one statement
  for (const at of dates.iterate()) {
    all++;
    if (calendar.date(calendar.nextDay(at)).endsWith('-01')) ends++;
  }
  const chance = all * MONTH_ENDS;
  // Beyond three standard deviations of chance, and twice as many: a habit, not luck.
  if (ends <= 2 * chance || ends - chance <= 3 * Math.sqrt(chance * (1 - MONTH_ENDS))) return;
  const percent = ((100 * ends) / all).toFixed(0);
  note('close-date-month-end', ends, all, `expected close dates end a month (${percent} %, chance has 3.3 %): about ${num(Math.round(ends - chance))} more than chance, defaults or habits that tell the month at best and not the day`); // biome-ignore format: one sentence
}

const num = (n: number): string => n.toLocaleString('en');
