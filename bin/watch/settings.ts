import { z } from 'zod';
import type { RetrainRule } from '../../api/engine.ts';
import { ForesellError } from '../../src/errors.ts';
import { readTrainConfig } from '../../training/config.ts';
import type { TrainingRun } from '../../training/main.ts';
import { type OwnPlace, trainPartOf, watchPartOf } from '../own.ts';

const DAYS = /^(\d+(?:\.\d+)?)d$/;
const schema = z.object({
  retrain: z
    .strictObject({
      every: z.string().regex(DAYS, 'expected days, such as 28d').optional(),
      drift: z.boolean().optional(),
      outcomes: z.int().positive().optional(),
    })
    .optional(),
  rollback: z.boolean().optional(),
  alarms: z.boolean().optional(),
});

/** When models are trained anew, and whether one that turned worse is taken down, unasked. */
export interface WatchSettings {
  readonly rule: RetrainRule;
  readonly rollback: boolean;
  /** Whether the server is to look at all. */
  readonly asked: boolean;
}

/**
 * The parts `retrain`, `rollback` and `alarms` of `foresell.yaml`:
 *
 *     retrain: { every: 28d, drift: true, outcomes: 200 }   # any of the three is enough
 *     rollback: true
 *     alarms: true                                          # drift is told, though nothing is to be done about it
 *
 * @throws ForesellError `config-invalid`
 */
export function readWatch(place: OwnPlace): WatchSettings {
  const { path, given } = watchPartOf(place);
  const read = schema.safeParse(given);
  if (!read.success) {
    const issue = read.error.issues[0]!;
    throw new ForesellError(
      'config-invalid',
      `${path}: ${issue.path.join('.')}: ${issue.message}; expected retrain: { every: 28d, drift: true, outcomes: 200 }, rollback: true and alarms: true`,
    );
  }
  const { retrain = {}, rollback = false, alarms = false } = read.data;
  const everyDays = retrain.every === undefined ? undefined : Number(DAYS.exec(retrain.every)![1]);
  const rule = { everyDays, drift: retrain.drift, outcomes: retrain.outcomes };
  const asksToTrain = everyDays !== undefined || retrain.drift === true || retrain.outcomes !== undefined;
  return { rule, rollback, asked: rollback || alarms || asksToTrain };
}

/**
 * How what is due is trained: profile, seed, budget and changes of the part `train` of the same file, whatever model and time it names.
 * @param asked the seed of the command line, which counts instead
 * @throws ForesellError `config-invalid`
 */
export function trainsAs(
  place: OwnPlace,
  asked?: number,
): Required<Pick<TrainingRun, 'seed' | 'profile' | 'changes' | 'budget'>> {
  const part = trainPartOf(place);
  const { profile = 'default', seed = 1, changes = {}, budget } = part ? readTrainConfig(part.given, part.path) : {};
  return { profile, seed: asked ?? seed, changes, budget };
}
