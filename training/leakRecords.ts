import { records } from '../src/records.ts';
import type { Subject } from '../src/subjects/index.ts';
import { DAY, type Instant } from '../src/time.ts';
import type { FactSource, History } from '../src/world.ts';
import type { TrainingRows } from './landmarkRows.ts';

/** Something in the records themselves that looks as if it had been written after the outcome. */
export interface RecordFinding {
  /** `deal.owner_id` or `activity.task`. */
  readonly what: string;
  readonly says: string;
}

/** Words met on fewer of the ended are names, or chance. */
const FEWEST = 5;
/** Share of one side whose word no open record and no record of the other side ever has. */
const ONLY_THERE = 0.2;
const LAST_DAYS = 7;
/** So many times as often in the last week before an end as in any week of the open ... */
const TIMES = 5;
/** ... and in so many more of the ended on one side than on the other. */
const MORE = 0.3;

/**
 * Leaks that no single column shows, because features are made of them:
 *
 * - a field that the settings call fixed (an owner, say) with words that many of one side have and neither the open nor
 *   the other side: it was handed over, or corrected, after the outcome;
 * - a kind of activity that comes in the last week before the end on one side and hardly otherwise: logged at the close
 *   and dated back.
 *
 * Both are suspicions; nothing is left out. Cost: one look at every history.
 */
export function leakRecords(source: FactSource, subject: Subject, rows: TrainingRows): RecordFinding[] {
  const ends = endsOf(rows);
  return [...fixedWords(source, subject, ends), ...lastWeek(source, subject, ends, rows.until)];
}

interface End {
  /** Undefined = open still. */
  readonly positive: boolean | undefined;
  readonly born: Instant;
  /** Of the ended, when; else the end of what is known. */
  readonly at: Instant;
}

/** How each ended, by its last look. */
function endsOf(rows: TrainingRows): Map<string, End> {
  const ends = new Map<string, End>();
  rows.X.ids.forEach((id, row) => {
    const { cause, timeDays } = rows.outcomes[row]!;
    const at = rows.X.asOf[row]! + timeDays * DAY;
    ends.set(id, { positive: cause?.positive, born: rows.bornAt[row]!, at });
  });
  return ends;
}

function fixedWords(source: FactSource, subject: Subject, ends: ReadonlyMap<string, End>): RecordFinding[] {
  const kind = subject.of;
  const found: RecordFinding[] = [];
  for (const path of source.company.settings.fixed) {
    const [of, field] = path.split('.');
    // A column of the company's own is a feature, which `leakScreen` looks at.
    if (of !== kind || !field || !Object.hasOwn(records[kind].columns, field)) continue;
    const words = new Map<string, { positive: number; negative: number; open: number }>();
    const sides = { positive: 0, negative: 0, open: 0 };
    for (const [id, { positive }] of ends) {
      const side = positive === undefined ? 'open' : positive ? 'positive' : 'negative';
      sides[side]++;
      const word = lastWord(source.history(kind, id), field);
      if (word === undefined) continue;
      let count = words.get(word);
      if (!count) words.set(word, (count = { positive: 0, negative: 0, open: 0 }));
      count[side]++;
    }
    for (const [side, other] of [
      ['positive', 'negative'],
      ['negative', 'positive'],
    ] as const) {
      const alone = [...words].filter(([, n]) => n[side] >= FEWEST && n[other] === 0 && n.open === 0);
      const share = alone.reduce((sum, [, n]) => sum + n[side], 0) / Math.max(sides[side], 1);
      if (share <= ONLY_THERE || sides.open < FEWEST) continue;
      const shown = alone.slice(0, 3).map(([word]) => word);
      found.push({
        what: path,
        says: `${path} may be a leak: ${Math.round(share * 100)} % of those ${subject.sides[side]} have a value (${shown.join(', ')}) that nothing open and nothing ${subject.sides[other]} ever has; it may be written after the outcome. Export its history, or take it from "fixed" in the settings`,
      });
    }
  }
  return found;
}

function lastWord(history: History | undefined, field: string): string | undefined {
  const value = history?.change?.findLast((change) => change.field === field)?.value;
  return value === null || value === undefined ? undefined : String(value);
}

function lastWeek(
  source: FactSource,
  subject: Subject,
  ends: ReadonlyMap<string, End>,
  until: Instant,
): RecordFinding[] {
  const n = { positive: 0, negative: 0 };
  const last = new Map<string, { positive: number; negative: number }>();
  /** Weeks with such an activity, of all weeks before the last one. */
  const weekly = new Map<string, number>();
  let weeks = 0;
  for (const [id, { positive, born, at }] of ends) {
    const lastFrom = positive === undefined ? at : at - LAST_DAYS * DAY;
    weeks += Math.max(lastFrom - born, 0) / (7 * DAY);
    if (positive !== undefined) n[positive ? 'positive' : 'negative']++;
    const met = new Set<string>();
    const inWeeks = new Set<string>();
    for (const activity of source.history(subject.of, id)?.activity ?? []) {
      if (activity.knownAt >= until || activity.at < born || activity.at > at) continue;
      if (activity.at > lastFrom && positive !== undefined) met.add(activity.channel);
      else inWeeks.add(`${activity.channel} ${Math.floor((activity.at - born) / (7 * DAY))}`);
    }
    for (const channel of met) {
      let count = last.get(channel);
      if (!count) last.set(channel, (count = { positive: 0, negative: 0 }));
      count[positive ? 'positive' : 'negative']++;
    }
    for (const key of inWeeks) {
      const channel = key.slice(0, key.lastIndexOf(' '));
      weekly.set(channel, (weekly.get(channel) ?? 0) + 1);
    }
  }
  if (Math.min(n.positive, n.negative) < 30) return [];
  return [...last].flatMap(([channel, count]): RecordFinding[] => {
    const [won, lost] = [count.positive / n.positive, count.negative / n.negative];
    const usual = (weekly.get(channel) ?? 0) / Math.max(weeks, 1);
    if (Math.abs(won - lost) < MORE || Math.max(won, lost) < TIMES * usual) return [];
    const percent = (share: number) => `${Math.round(share * 100)} %`;
    return [
      {
        what: `activity.${channel}`,
        says: `activities of kind ${channel} may be a leak: in the last week before the end ${percent(won)} of those ${subject.sides.positive} and ${percent(lost)} of those ${subject.sides.negative} have one, in any other week ${percent(usual)}; they may be logged at the close and dated back. Export known_at with activities`,
      },
    ];
  });
}
