import { z } from '@hono/zod-openapi';
import type { Run } from '../src/store/store.ts';
import type { Instant } from '../src/time.ts';
import { formatInstant } from '../src/time.ts';
import { instant } from './schemas/common.ts';

/** How a training is asked for; what is absent is as `foresell train` has it. */
export const trainingRequest = z
  .strictObject({
    profile: z.enum(['fast', 'default', 'best']).optional(),
    seed: z.int().min(0).optional(),
    budget: z.number().min(0).max(86_400).optional().openapi({ description: 'Seconds of a search of the network’s settings.' }), // biome-ignore format: one field
    until: instant.optional().openapi({ description: 'Nothing known at or after it is used. Default: now.' }),
  })
  .openapi('TrainingRequest');
export type TrainingAsk = z.infer<typeof trainingRequest>;

/** A training that runs, beside the server. */
export interface RunningTraining {
  readonly model: string;
  readonly startedAt: Instant;
  /** What it said last: the step that it has done. */
  readonly says: string;
}

/** Trains beside the server, one at a time. */
export interface TrainerPort {
  running(): RunningTraining | undefined;
  /** Why the last one ended without a version; undefined where it made one, or none has ended. */
  failure(model: string): string | undefined;
  /** @throws ForesellError `training-runs` where one does already */
  start(model: string, ask: TrainingAsk): RunningTraining;
}

export const trainingAnswer = z
  .object({
    model: z.string(),
    running: z
      .object({
        startedAt: instant,
        says: z.string().openapi({ description: 'What it said last: the step that it has done.' }),
      })
      .nullable()
      .openapi({ description: 'Null where none runs that this server started.' }),
    last: z
      .object({
        run: z.string().openapi({ description: 'As `foresell models runs` calls it.' }),
        startedAt: instant,
        outcome: z.enum(['served', 'kept', 'failed', 'same', 'differs']).openapi({
          description: 'served: it serves. kept: stored, but the gate refused it. failed: nothing came of it. same, differs: an earlier one made again.', // biome-ignore format: one sentence
        }),
        version: z.string().nullable(),
        reason: z.string().nullable().openapi({ description: 'Of the gate, or what went wrong.' }),
      })
      .nullable()
      .openapi({ description: 'The newest that is recorded, by whomever.' }),
    failure: z.string().nullable().openapi({ description: 'Why the last one of this server ended before it was recorded.' }), // biome-ignore format: one field
  })
  .openapi('Training');

export function trainingJson(
  model: string,
  newest: Run | undefined,
  trainer: Pick<TrainerPort, 'running' | 'failure'>,
): z.infer<typeof trainingAnswer> {
  const running = trainer.running();
  const { verdict, error } = (newest?.record ?? {}) as { verdict?: { reason: string } | null; error?: { message: string } | null }; // biome-ignore format: one look
  return {
    model,
    running: running?.model === model ? { startedAt: formatInstant(running.startedAt), says: running.says } : null,
    last: newest
      ? {
          run: `r${newest.id}`,
          startedAt: formatInstant(newest.at),
          outcome: newest.outcome,
          version: newest.version,
          reason: error?.message ?? verdict?.reason ?? null,
        }
      : null,
    failure: trainer.failure(model) ?? null,
  };
}

export const trainingAnswerExample: z.infer<typeof trainingAnswer> = {
  model: 'deal',
  running: { startedAt: '2026-11-21T02:15:01.204Z', says: 'deal: training ridge: 1.3 s' },
  last: {
    run: 'r11',
    startedAt: '2026-10-24T02:15:01.204Z',
    outcome: 'served',
    version: '9f2c51d0a8e1',
    reason: 'the first version',
  },
  failure: null,
};
