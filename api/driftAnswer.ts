import { z } from '@hono/zod-openapi';
import type { DriftLevel } from '../models/drift/drift.ts';
import { formatInstant } from '../src/time.ts';
import type { DriftReport } from './monitor.ts';

const level = z.enum(['quiet', 'look', 'act']).openapi({
  description: 'quiet: as usual; look: it has moved; act: so far that the model is asked outside of what it learned.',
});
const when = z.string().openapi({ example: '2026-09-01T00:00:00.000Z' });

/** How far the world has moved from what the served version learned. */
export const driftAnswer = z
  .object({
    model: z.string(),
    version: z.string(),
    trainedTo: when,
    since: when,
    asOf: when,
    level: level.nullable().openapi({ description: 'null where nothing can be told yet; `why` says so.' }),
    why: z.string().nullable(),
    rows: z.int(),
    inputs: z
      .object({
        level,
        columns: z.int(),
        moved: z.array(
          z.object({
            feature: z.string(),
            level,
            psi: z.number(),
            ks: z.number(),
            usualPsi: z.number(),
            missing: z.number(),
            missingBefore: z.number(),
          }),
        ),
      })
      .nullable(),
    scores: z.object({ level, psi: z.number(), ks: z.number() }).nullable(),
    outcomes: z.object({ level, ended: z.int(), rate: z.number().nullable(), rateBefore: z.number() }).nullable(),
    calibration: z
      .object({
        level,
        judged: z.int(),
        logLoss: z.number().nullable(),
        expected: z.number().nullable(),
        since: when.nullable(),
      })
      .nullable(),
  })
  .openapi('Drift');

export type DriftJson = z.infer<typeof driftAnswer>;

export const driftExample: DriftJson = {
  model: 'deal',
  version: '9f2c51d0a8e1',
  trainedTo: '2026-06-01T00:00:00.000Z',
  since: '2026-08-23T00:00:00.000Z',
  asOf: '2026-11-22T00:00:00.000Z',
  level: 'act',
  why: null,
  rows: 1312,
  inputs: {
    level: 'act',
    columns: 61,
    moved: [
      {
        feature: 'amount_current',
        level: 'act',
        psi: 0.61,
        ks: 0.34,
        usualPsi: 0.03,
        missing: 0.3,
        missingBefore: 0.01,
      },
    ],
  },
  scores: { level: 'look', psi: 0.14, ks: 0.16 },
  outcomes: { level: 'quiet', ended: 212, rate: 0.31, rateBefore: 0.33 },
  calibration: { level: 'quiet', judged: 198, logLoss: 0.52, expected: 0.51, since: null },
};

export function driftJson({ model, version, trainedTo, since, asOf, drift, why }: DriftReport): DriftJson {
  const { inputs = null, scores = null, outcomes = null } = drift ?? {};
  return {
    model,
    version,
    trainedTo: formatInstant(trainedTo),
    since: formatInstant(since),
    asOf: formatInstant(asOf),
    level: drift?.level ?? null,
    why: why ?? null,
    rows: drift?.rows ?? 0,
    inputs: inputs && { ...inputs, moved: inputs.moved.map((column) => ({ ...column })) },
    scores,
    outcomes,
    calibration: drift
      ? {
          ...drift.calibration,
          since: drift.calibration.since === null ? null : formatInstant(drift.calibration.since),
        }
      : null,
  };
}

/** How far the world has moved from what serves, by where it shows. */
export interface DriftLevels {
  readonly version: string;
  readonly level: DriftLevel;
  readonly inputs: DriftLevel;
  readonly scores: DriftLevel;
  readonly outcomes: DriftLevel;
  readonly calibration: DriftLevel;
}

/** Told where the drift of a model is another than was told before. */
export interface DriftAlarm extends DriftLevels {
  readonly model: string;
}

/** Null where nothing can be told yet. */
export function driftLevels({ version, drift }: DriftReport): DriftLevels | null {
  if (!drift) return null;
  const { level, inputs, scores, outcomes, calibration } = drift;
  return { version, level, inputs: inputs.level, scores: scores.level, outcomes: outcomes.level, calibration: calibration.level }; // biome-ignore format: one record
}
