import type { Subject } from '../../src/subjects/index.ts';
import type { Estimate, Judgement } from './judge.ts';
import type { Rival } from './rivals.ts';

export interface Verdict {
  readonly rival: string;
  readonly label: string;
  readonly says: 'better' | 'no difference' | 'worse';
  /** Ours minus theirs. */
  readonly logLoss: Estimate;
  /** The figure of the ranking that leads, ours, theirs, and the difference. */
  readonly leading: 'money20' | 'found20';
  readonly ours: number | null;
  readonly theirs: number | null;
  readonly gain: Estimate;
  readonly text: string;
}

/** Which figure of the ranking leads: money where the model books money, else how many were found. */
export const leadingFigure = (judgement: Judgement): 'money20' | 'found20' =>
  judgement.worthRows > 0 && judgement.figures.within['foresell']!['money20']?.value != null ? 'money20' : 'found20';

/**
 * A plain sentence a rival. Better or worse is said only where the 95 % interval of the paired difference in log loss
 * leaves out zero; whatever the ranking did is said beside it, with its own interval.
 */
export function verdicts(judgement: Judgement, rivals: readonly Rival[], subject: Subject): Verdict[] {
  const lead = leadingFigure(judgement);
  const what = lead === 'money20' ? 'money won' : `${subject.noun.many} that ${subject.sides.positive}`;
  return rivals.map(({ name, label }) => {
    const of = judgement.differences.within[name]!;
    const loss = of['logLoss']!;
    const says = beyond(loss) === 'below' ? 'better' : beyond(loss) === 'above' ? 'worse' : 'no difference';
    const head =
      says === 'better'
        ? `Foresell’s probabilities are better than ${label}, beyond chance`
        : says === 'worse'
          ? `Foresell’s probabilities are worse than ${label}, beyond chance`
          : `Between Foresell’s probabilities and ${label} there is no difference beyond chance`;
    const ours = judgement.figures.within['foresell']![lead]!;
    const theirs = judgement.figures.within[name]![lead]!;
    const gain = of[lead]!;
    const ranking =
      ours.value === null || theirs.value === null
        ? ''
        : ` Its top fifth holds ${percent(ours.value)} of the ${what} against ${percent(theirs.value)} (${points(gain)}${beyond(gain) ? '' : ': not beyond chance'}).`;
    return {
      ...{ rival: name, label, says, logLoss: loss, leading: lead, ours: ours.value, theirs: theirs.value, gain },
      text: `${head}: log loss ${signed(loss)}.${ranking}`,
    };
  });
}

/** On which side of zero the whole interval lies. */
export function beyond({ low, high }: Estimate): 'above' | 'below' | undefined {
  return low !== null && low > 0 ? 'above' : high !== null && high < 0 ? 'below' : undefined;
}

export const percent = (share: number): string => `${Math.round(100 * share)} %`;
const number = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const signed = ({ value, low, high }: Estimate): string =>
  value === null ? 'cannot be told' : `${number(value)} (95 % interval ${low === null || high === null ? 'cannot be told' : `${number(low)} to ${number(high)}`})`; // biome-ignore format: one choice
const whole = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(Math.round(100 * share))}`;
const points = ({ value, low, high }: Estimate): string =>
  value === null ? '' : `${whole(value)} points${low === null || high === null ? '' : `, ${whole(low)} to ${whole(high)}`}`; // biome-ignore format: one choice
