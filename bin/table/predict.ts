import type { Language } from '../../api/reasons.ts';
import type { TableScore } from '../../api/tableAnswer.ts';
import { tableItems } from '../../api/tableItems.ts';
import { tableExplainer } from '../../models/table/explainTable.ts';
import { type AmountValue, outputColumns, outputRow } from '../../models/table/output.ts';
import { Oddities } from '../../models/table/recipe.ts';
import { idsOf, type OpenedTable } from '../../models/table/tableModel.ts';
import { type BatchOptions, readableHeader, tableBatches } from '../../src/connectors/tableBatches.ts';
import { ForesellError } from '../../src/errors.ts';
import { openOut } from '../outFile.ts';

export interface PredictAsk {
  readonly data: string;
  /** A file of CSV, or of one JSON object a line where it ends on .ndjson; `-` = to stdout. */
  readonly out: string;
  /** Objects also to stdout. */
  readonly json?: boolean;
  /** Column that names rows; absent = the one of the fit, where the file has it. */
  readonly id?: string | undefined;
  readonly times?: readonly number[] | undefined;
  /** What `value` is of an amount. */
  readonly value?: AmountValue | undefined;
  /** Reasons of a row, at most so many each way; 0 = none. */
  readonly reasons: number;
  readonly language: Language;
  readonly read?: BatchOptions;
  readonly onRows?: (rows: number) => void;
}

export interface Predicted {
  readonly rows: number;
  /** What was odd in the file, one sentence each. */
  readonly notes: readonly string[];
}

/** Rows in memory at once; fewer where each takes its time, so that progress is seen. */
const BATCH = 8_192;
const EXPLAINED_BATCH = 256;

/**
 * Scores a file and writes CSV, a batch of rows at a time: memory does not grow with the file. The answer takes its place
 * when whole; a stopped run leaves none.
 * @throws ForesellError `column-missing`, `file-unwritable`, those of reading
 */
export async function predictTable(model: OpenedTable, ask: PredictAsk): Promise<Predicted> {
  const { reading, target, reads, asWritten } = model;
  const times = ask.times ?? reading.times;
  if (ask.times && target.task !== 'duration')
    throw new ForesellError('times-unused', `--times is for durations; this model tells of a ${target.task}`, {
      path: '--times',
    });
  if (ask.value && target.task !== 'amount')
    throw new ForesellError('value-unused', `--value is for amounts; this model tells of a ${target.task}`, {
      path: '--value',
    });
  if (/\.parquet$/i.test(ask.out))
    throw new ForesellError('format-unknown', `--out ${ask.out}: scores are written as .csv or .ndjson`, {
      path: '--out',
    });
  const header = await readableHeader(ask.data, ask.read);
  const lacks = [...reads, ...(ask.id === undefined ? [] : [ask.id])].filter((name) => !header.includes(name));
  if (lacks.length > 0)
    throw new ForesellError(
      'column-missing',
      `${ask.data}: no column ${lacks.map((name) => `"${name}"`).join(', ')}; the model reads ${reads.join(', ')}, the file has ${header.join(', ')}`,
    );
  const id = ask.id ?? (reading.id !== null && header.includes(reading.id) ? reading.id : null);
  const odd = new Oddities();
  const known = new Set([...reads, ...reading.unread]);
  const extra = header.filter((name) => !known.has(name) && name !== id);
  const notes: string[] = [];
  if (reading.id !== null && id === null) notes.push(`no column "${reading.id}": the rows' numbers are their ids`);
  if (extra.length > 0) notes.push(`columns that training did not have are ignored: ${extra.join(', ')}`);

  if (model.header.lowSkill)
    notes.push(`low skill: the model knows no more than the base rate${ask.reasons > 0 ? ', so it gives no reasons' : ''}`); // biome-ignore format: one sentence
  const explain = ask.reasons > 0 ? tableExplainer(model) : undefined;
  const why = { explain, limit: ask.reasons, language: ask.language };
  const asJson = /\.(ndjson|jsonl)$/i.test(ask.out) || (ask.out === '-' && ask.json === true);
  const columns = [...outputColumns(target, times), ...(ask.reasons > 0 ? ['reasons'] : [])];
  let rows = 0;
  let never = 0;
  const lines = async function* () {
    if (!asJson) yield `${['id', ...columns].map(cell).join(',')}\n`;
    const only = new Set([...reads, ...(id === null ? [] : [id])]);
    const asText = new Set([...asWritten, ...(id === null ? [] : [id])]);
    for await (const batch of tableBatches(ask.data, explain ? EXPLAINED_BATCH : BATCH, {
      ...ask.read,
      only,
      asText,
    })) {
      const ids = idsOf(batch, id, rows);
      const answers = model.answers(batch, odd, times);
      let out = '';
      const items = asJson || ask.reasons > 0 ? tableItems(model, batch, answers, why) : undefined;
      for (let row = 0; row < batch.rows; row++) {
        const values = outputRow(answers, row, ask.value);
        if (values.some(Number.isNaN)) never++;
        const reasons = ask.reasons > 0 ? [cell(reasonsIn(items![row]!))] : [];
        out += asJson
          ? `${JSON.stringify({ ...items![row], id: ids[row] })}\n`
          : `${[cell(ids[row]!), ...values.map(figure), ...reasons].join(',')}\n`;
      }
      rows += batch.rows;
      ask.onRows?.(rows);
      yield out;
    }
  };
  if (ask.out === '-') for await (const line of lines()) await written(process.stdout, line);
  else await wholeFile(ask.out, lines());
  if (never > 0)
    notes.push(`${never.toLocaleString('en')} rows have no median or quantile that can be told: empty cells`);
  return { rows, notes: [...notes, ...odd.all()] };
}

const figure = (value: number): string => (Number.isNaN(value) ? '' : String(Number(value.toPrecision(9))));
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** In brackets: a cell that begins with a bare sign is a formula to spreadsheets. */
const reasonsIn = ({ reasons = [] }: TableScore): string =>
  reasons.map(({ contribution, text }) => `(${contribution > 0 ? '+' : '-'}) ${text}`).join('; ');

async function wholeFile(file: string, lines: AsyncIterable<string>): Promise<void> {
  const out = openOut(file);
  const stop = () => {
    out.drop();
    process.exit(130);
  };
  // What is written straight leaves nothing to take away: such a run is stopped as any other, also while it waits for a reader.
  if (out.isBeside) for (const signal of STOPS) process.once(signal, stop);
  try {
    for await (const line of lines) out.write(line);
    out.done();
  } catch (error) {
    out.drop();
    throw error;
  } finally {
    for (const signal of STOPS) process.off(signal, stop);
  }
}
const STOPS = ['SIGINT', 'SIGTERM'] as const;

/** Waits until what was written before has been taken. */
const written = (stream: NodeJS.WritableStream, text: string): Promise<void> =>
  stream.write(text)
    ? Promise.resolve()
    : new Promise((resolve) => {
        stream.once('drain', resolve);
      });
