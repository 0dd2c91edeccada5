import type { StepTime } from '../training/runRecord.ts';

/** What an epoch tells. */
interface Epoch {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
  /** NaN where nothing is held out. */
  readonly stopLoss: number;
}

/** What to show of a training: the step it is at, and a line for the log when there is something to keep. */
export interface Shown {
  readonly now: string;
  readonly log: string | undefined;
}

/**
 * Words for a training's progress: step, share, the loss by epoch, and how long it may still take. The time left is of
 * the whole training where one of the same model and profile was recorded before (`earlier`): what is left of its steps,
 * at the pace of this one; else of the step, where that tells its share. It is an estimate, and says "about".
 * @param clock milliseconds, ascending
 */
export function progressWords(clock: () => number, earlier: readonly StepTime[] = []) {
  const begun = clock();
  let step = '';
  let since = begun;
  let last: Epoch | undefined;
  const spent = new Map<string, number>();
  return (name: string, share?: number, epoch?: Epoch): Shown => {
    const now = clock();
    let log: string | undefined;
    if (name !== step) {
      if (step) spent.set(step, (spent.get(step) ?? 0) + (now - since) / 1000);
      log = step ? `${step}: ${seconds((now - since) / 1000)}${last ? `, ${last.epoch} epochs, ${losses(last)}` : ''}` : undefined; // biome-ignore format: one line
      step = name;
      since = now;
      last = undefined;
    }
    if (epoch) last = epoch;
    const inStep = (now - since) / 1000;
    const left = wholeLeft(earlier, spent, step, inStep) ?? stepLeft(share, inStep);
    const what = epoch
      ? `epoch ${epoch.epoch} of at most ${epoch.epochs}, ${losses(epoch)}`
      : share === undefined
        ? ''
        : `${Math.round(share * 100)} %`;
    const rest = left === undefined || left < 1 ? '' : `about ${seconds(left)} left`;
    return { now: [step, what, rest].filter(Boolean).join(', '), log };
  };
}

const losses = ({ loss, stopLoss }: Epoch): string =>
  `loss ${loss.toFixed(4)}${Number.isNaN(stopLoss) ? '' : `, held out ${stopLoss.toFixed(4)}`}`;

const seconds = (value: number): string =>
  value < 10 ? `${value.toFixed(1)} s` : value < 90 ? `${Math.ceil(value)} s` : `${Math.ceil(value / 60)} min`;

function stepLeft(share: number | undefined, inStep: number): number | undefined {
  return share === undefined || share < 0.02 || share >= 1 || inStep < 2 ? undefined : (inStep * (1 - share)) / share;
}

/** What an earlier training still had before it, at the pace of this one. */
function wholeLeft(
  earlier: readonly StepTime[],
  spent: ReadonlyMap<string, number>,
  step: string,
  inStep: number,
): number | undefined {
  if (!earlier.some((then) => then.step === step)) return undefined;
  let [here, there] = [0, 0];
  let left = 0;
  for (const then of earlier) {
    const done = spent.get(then.step);
    if (done !== undefined) {
      here += done;
      there += then.seconds;
    } else left += then.step === step ? Math.max(then.seconds - inStep, 0) : then.seconds;
  }
  return there > 1 ? (left * here) / there : left;
}
