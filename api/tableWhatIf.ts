import { z } from '@hono/zod-openapi';
import { type TableExplanation, tableExplainer } from '../models/table/explainTable.ts';
import { Oddities } from '../models/table/recipe.ts';
import { tableOfRecords } from '../models/table/tableModel.ts';
import { ForesellError } from '../src/errors.ts';
import { differenceShape } from './aroundAnswer.ts';
import { type Change, changeText, differenceOf } from './change.ts';
import type { Language } from './reasons.ts';
import { fieldError } from './route.ts';
import type { ServedTable } from './servedTable.ts';
import { flatRecord, MAX_TEXT, tableScore } from './tableAnswer.ts';
import { tableItems } from './tableItems.ts';
import { labelOf, valueIn } from './tableReasons.ts';
import { faultOf } from './tables.ts';
import { notes } from './whatifAnswer.ts';

/** Another value of a column of a flat record. */
const cellEdit = z
  .strictObject({
    field: z.string().min(1).max(1_000),
    value: z.union([z.string().max(MAX_TEXT), z.number(), z.boolean(), z.null()]),
  })
  .openapi('CellEdit');
type CellEdit = z.infer<typeof cellEdit>;
const several = z.array(cellEdit).min(1).max(1_000);

const told = z.object(tableScore.omit({ id: true, explains: true, baseValue: true, reasons: true, otherContribution: true }).shape); // biome-ignore format: one schema
export const tableWhatIfAnswer = z
  .object({
    model: z.string(),
    version: z.string(),
    task: z.enum(['binary', 'class', 'duration', 'amount']),
    positive: z.string().optional(),
    lowSkill: z.boolean(),
    note: z.string().openapi({ description: 'How to read it: association, not cause.' }),
    notes: z.array(z.string()).openapi({ description: 'What was odd in the records: words never met, text for numbers.' }), // biome-ignore format: one field
    explains: tableScore.shape.explains.openapi({
      description: 'What the differences are of: log odds, or the mean of an amount.',
    }),
    before: told,
    items: z
      .array(
        told.extend({
          changes: z.array(cellEdit),
          difference: z
            .object(differenceShape)
            .nullable()
            .openapi({ description: 'From before, of what `explains` names; null where the model has no skill.' }),
        }),
      )
      .openapi({ description: 'One an edited copy, in the order asked.' }),
  })
  .openapi('TableWhatIf');

/** What is asked of a flat record. */
export interface TableWhatIfAsk {
  readonly record: unknown;
  /** As they came: one change, or a list of changes made together, an edited copy. */
  readonly changes: readonly unknown[];
  /** Reasons each way, at most. */
  readonly limit: number;
}

/**
 * What would be said of a flat record, had it other values: up to 64 edited copies. With the record as it was and what became
 * of it since as the change, it is why its score moved: the reasons sum to the difference.
 * @throws ForesellError `field-invalid`, `column-missing`, and `field-unknown` for a column that the model does not read
 */
export function tableWhatIf(
  { name, opened }: ServedTable,
  { record, changes, limit }: TableWhatIfAsk,
  language: Language,
): z.infer<typeof tableWhatIfAnswer> {
  const { reads, reading, target, header, version } = opened;
  const fault = faultOf(record, reads, ['record']);
  if (fault) throw fault;
  const before = flatRecord.parse(record);
  const copies = changes.map((given, i) => editsIn(given, i, name, new Set(reads)));
  const edited = copies.map((edits) => ({ ...before, ...Object.fromEntries(edits.map(({ field, value }) => [field, value])) })); // biome-ignore format: one list
  const table = tableOfRecords([before, ...edited], opened);
  const odd = new Oddities();
  const answers = opened.answers(table, odd);
  const [first, ...others] = tableItems(opened, table, answers, { explain: undefined, limit: 0, language }).map(({ id, ...item }) => item); // biome-ignore format: one list
  const explained = tableExplainer(opened)?.(table, 0);
  const difference = ({ base, total, unit, contributions }: TableExplanation, row: number) => {
    const all = [...contributions].map(([feature, contribution]): Change => {
      const cell = (at: number) => valueIn(reading, table, feature, at);
      return { because: 'edit', code: feature, feature, unit: 'none', before: cell(0), value: cell(row), contribution };
    });
    const { change, reasons, otherContribution } = differenceOf(total - base, all, limit, unit);
    const inWords = reasons.map((reason) => ({
      because: reason.because,
      code: reason.code,
      params: { feature: reason.feature, unit: reason.unit, before: reason.before, value: reason.value },
      contribution: reason.contribution,
      text: changeText(reason, language, { label: labelOf(reading, reason.code), idea: reason.code, unit: 'none' }, 'USD'), // biome-ignore format: one call
    }));
    return { change, reasons: inWords, otherContribution };
  };
  return {
    model: name,
    version,
    task: target.task,
    ...(target.task === 'binary' ? { positive: target.positive } : {}),
    lowSkill: header.lowSkill,
    note: notes[language],
    notes: odd.all(),
    ...(explained ? { explains: explained[0]!.explains } : {}),
    before: first!,
    items: copies.map((edits, i) => ({
      changes: edits,
      ...others[i]!,
      difference: explained ? difference(explained[i + 1]!, i + 1) : null,
    })),
  };
}

function editsIn(given: unknown, i: number, name: string, reads: ReadonlySet<string>): CellEdit[] {
  const isList = Array.isArray(given);
  const checked = isList ? several.safeParse(given) : cellEdit.safeParse(given);
  if (!checked.success) throw fieldError(checked.error, ['changes', i]);
  const edits = Array.isArray(checked.data) ? checked.data : [checked.data];
  const seen = new Set<string>();
  edits.forEach(({ field }, n) => {
    const path = `changes[${i}]${isList ? `[${n}]` : ''}.field`;
    if (!reads.has(field)) throw new ForesellError('field-unknown', `${path}: ${name} does not read a column "${field}"; it reads ${[...reads].slice(0, 30).join(', ')}`, { path }); // biome-ignore format: one sentence
    if (seen.has(field)) throw new ForesellError('field-invalid', `${path}: is changed twice in one copy`, { path });
    seen.add(field);
  });
  return edits;
}

export const tableWhatIfExample = {
  model: 'signups',
  record: { source: 'web', employees: 40, country: null },
  changes: [{ field: 'employees', value: 120 }],
};
