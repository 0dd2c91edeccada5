import type { TableAnswers, TableTarget } from '../tableAnswers.ts';

/**
 * Names of the answer's columns after `id`: `probability` · `p_<level>` · `median`, `p10`, `p90`, `s_<time>` and with several
 * causes `f_<cause>_<time>` · `value`, `p10`, `p90`. Levels go by name.
 */
export function outputColumns(target: TableTarget, times: readonly number[]): string[] {
  switch (target.task) {
    case 'binary':
      return ['probability'];
    case 'class':
      return levelOrder(target.levels).map((k) => `p_${target.levels[k]}`);
    case 'duration':
      return [
        'median',
        'p10',
        'p90',
        ...times.map((time) => `s_${time}`),
        ...(target.causes.length > 1
          ? target.causes.flatMap((cause) => times.map((time) => `f_${cause}_${time}`))
          : []),
      ];
    case 'amount':
      return ['value', 'p10', 'p90'];
  }
}

/**
 * What `value` is of an amount. The median is the one number with the least absolute error, and lies between p10 and p90
 * always; means add up to what many rows bring together, but where amounts are lopsided a mean may lie above p90.
 */
export type AmountValue = 'median' | 'mean';

/** The answer of one row, in the order of `outputColumns`; NaN = cannot be told (a median that is never reached). */
export function outputRow(answers: TableAnswers, row: number, value: AmountValue = 'median'): number[] {
  switch (answers.task) {
    case 'binary':
      return [answers.probability[row]!];
    case 'class': {
      const width = answers.levels.length;
      return levelOrder(answers.levels).map((k) => answers.p[row * width + k]!);
    }
    case 'duration': {
      const { median, p10, p90, survival, incidence, times, causes } = answers;
      const n = times.length;
      return [
        median[row]!,
        p10[row]!,
        p90[row]!,
        ...times.map((_, i) => survival[row * n + i]!),
        ...(causes.length > 1
          ? causes.flatMap((_, c) => times.map((_, i) => incidence[(row * n + i) * causes.length + c]!))
          : []),
      ];
    }
    case 'amount':
      return [answers[value === 'mean' ? 'mean' : 'p50'][row]!, answers.p10[row]!, answers.p90[row]!];
  }
}

/** Places of the levels in the order in which they are told: numbers by size, words by name. */
function levelOrder(levels: readonly string[]): number[] {
  const numbers = levels.every((level) => level !== '' && Number.isFinite(Number(level)));
  return levels
    .map((_, k) => k)
    .sort((a, b) => (numbers ? Number(levels[a]) - Number(levels[b]) : levels[a]! < levels[b]! ? -1 : 1));
}
