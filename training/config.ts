import { z } from 'zod';
import { ForesellError } from '../src/errors.ts';
import { parseInstant } from '../src/time.ts';
import { profiles } from './profiles.ts';

const count = z.int().min(1);

/** Numbers of a profile that a configuration may set anew (`training/profiles.ts` says what each is). */
const changes = z.strictObject({
  maxBins: z.exactOptional(z.int().min(3).max(64)),
  seeds: z.exactOptional(count.max(20)),
  ridgeFolds: z.exactOptional(count.max(20)),
  ridgeRows: z.exactOptional(count),
  ridgeFitRows: z.exactOptional(count),
  network: z.exactOptional(
    z.strictObject({
      members: z.exactOptional(count.max(64)),
      width: z.exactOptional(count.max(1024)),
      dropout: z.exactOptional(z.number().min(0).max(0.9)),
      learningRate: z.exactOptional(z.number().positive().max(1)),
      decay: z.exactOptional(z.number().min(0).max(1)),
      batch: z.exactOptional(count),
      epochs: z.exactOptional(count.max(10_000)),
      patience: z.exactOptional(count),
      epochRows: z.exactOptional(count),
      averaging: z.exactOptional(z.number().min(0).lt(1)),
      trainer: z.exactOptional(z.enum(['kernel', 'tfjs'])),
    }),
  ),
});

/**
 * A training written down: the part `train` of a configuration file. Whatever the command line gives counts instead of
 * what stands here.
 */
export const trainConfig = z.strictObject({
  model: z.string().optional(),
  /** ISO 8601; a bare date is that day where the company is. */
  until: z
    .string()
    .refine((text) => parseInstant(text, 'UTC') !== undefined, 'expected an ISO 8601 time')
    .optional(),
  profile: z.enum(Object.keys(profiles) as [keyof typeof profiles, ...(keyof typeof profiles)[]]).optional(),
  seed: z.int().min(0).optional(),
  /** Seconds of a search of the network's settings, on top of the training. */
  budget: z.number().min(0).optional(),
  changes: changes.optional(),
});

export type TrainConfig = z.infer<typeof trainConfig>;

/**
 * Checks the part `train` of a configuration file.
 * @throws ForesellError `config-invalid`, which names the place and what it takes
 */
export function readTrainConfig(given: unknown, file: string): TrainConfig {
  const result = trainConfig.safeParse(given ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const place = ['train', ...issue.path].join('.');
  throw new ForesellError(
    'config-invalid',
    `${file}: ${place}: ${issue.message}; train takes ${Object.keys(trainConfig.shape).join(', ')}, and changes of ${Object.keys(changes.shape).join(', ')} of the profile`,
    { path: place },
  );
}
