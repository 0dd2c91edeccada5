import { z } from 'zod';
import { referenceSchema } from './drift/reference.ts';
import { tableReading } from './table/reading.ts';
import { tableTarget } from './tableAnswers.ts';

const numberCode = { feature: z.string(), log: z.boolean(), median: z.number(), missing: z.boolean() };
const encoderSchema = z.object({
  codes: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('piecewise'), ...numberCode, edges: z.array(z.number()).min(2) }),
      z.object({ kind: z.literal('standard'), ...numberCode, mean: z.number(), sd: z.number().positive() }),
      z.object({ kind: z.literal('onehot'), feature: z.string(), levels: z.array(z.string()) }),
      z.object({
        kind: z.literal('target'),
        feature: z.string(),
        prior: z.number(),
        tallies: z.record(z.string(), z.tuple([z.number(), z.number()])),
      }),
    ]),
  ),
  width: z.int().min(0),
  source: z.array(z.int().min(0)),
  sources: z.array(z.string()),
});

/** Weight of a part in the mean of parts. */
const share = z.number().gt(0).max(1);
const shapeSchema = z.object({
  inputs: z.int().min(0),
  members: z.int().min(1),
  width: z.int().min(1),
  bins: z.int().min(1),
  causes: z.int().min(1),
  covariates: z.int().min(0),
});
const metrics = z.record(z.string(), z.number().nullable());
/** What an artifact tells of itself, as its JSON has it. */
export const artifactHeader = z.object({
  model: z.string(),
  task: z.literal('duration'),
  /** What it reads, in the form of the frame. */
  features: z.array(z.object({ name: z.string(), type: z.enum(['number', 'category']) })),
  /** Hash of the feature definitions it was trained with. */
  featuresHash: z.string(),
  encoder: encoderSchema,
  edges: z.array(z.number()),
  causes: z.array(z.object({ name: z.string(), positive: z.boolean() })).min(1),
  /** `probability` is of a positive ending within so many days; null = ever, given that it ends. */
  withinDays: z.number().positive().nullable(),
  parts: z.object({
    constant: share.optional(),
    linear: share.optional(),
    network: share.optional(),
    shape: shapeSchema.optional(),
    /** Parts of a mixture; their numbers, and their weights in each bin, are tensors named `part0.`, `part1.` .. */
    mixture: z
      .array(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('constant'), name: z.string() }),
          z.object({ kind: z.literal('linear'), name: z.string() }),
          z.object({ kind: z.literal('network'), name: z.string(), shape: shapeSchema }),
          z.object({ kind: z.literal('trees'), name: z.string(), trees: z.int().min(0), nodes: z.int().min(0) }),
        ]),
      )
      .min(1)
      .optional(),
    rhythm: z
      .object({
        law: z.object({ r: z.number().positive(), alpha: z.number().positive(), a: z.number().positive(), b: z.number().positive() }), // biome-ignore format: one law
        silent: z.int().min(0),
        ordered: z.int().min(0),
        withinDays: z.number().positive(),
      })
      .optional(),
  }),
  /** Which candidate was chosen, and why. */
  chosen: z.string(),
  /** No candidate beat the base rate by more than chance: no reasons are given. */
  lowSkill: z.boolean(),
  /** Too few outcomes to learn from. */
  insufficientData: z.boolean(),
  trained: z.object({
    from: z.number(),
    to: z.number(),
    rows: z.int(),
    entities: z.int(),
    outcomes: z.record(z.string(), z.int()),
    seed: z.int(),
    profile: z.string(),
    backend: z.string(),
    dataHash: z.string(),
  }),
  /** Log loss and the like of every candidate on the selection block. */
  candidates: z.record(z.string(), metrics),
  /** On the newest unseen part: the model beside its baselines. */
  metrics: z.record(z.string(), metrics),
  /** Reliability of `probability` there. */
  calibration: z.array(z.object({ n: z.int(), predicted: z.number(), observed: z.number() })),
  /** Common-factor correlation of the forecast. */
  rho: z.number().min(0).max(0.3),
  /**
   * While outcomes are few: how much the owner's and the team's own record moves the log odds of success beside the model,
   * trust (logit own - logit company). It falls to nothing as outcomes and the learner's weight grow.
   */
  record: z.number().min(0).max(1).optional(),
  /** Median, or most frequent level, of each feature in training. */
  usual: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  /** What half of the training rows lie between, by feature that is a number. Absent in versions made before it was kept, and of tables, which keep it by column. */
  usualRange: z.record(z.string(), z.tuple([z.number(), z.number()])).optional(),
  /** What rows, scores and endings looked like in training: what drift is told by. Absent in versions made before it was kept. */
  reference: referenceSchema.optional(),
  /** Columns that look as if they were written with the outcome in view; hard ones were left out. */
  leaks: z.array(
    z.object({
      feature: z.string(),
      severity: z.enum(['hard', 'suspect']),
      why: z.enum(['alone', 'carries', 'filledAfter', 'filledLater']),
      auc: z.number(),
      aucWith: z.number().optional(),
      aucWithout: z.number().optional(),
      missingEnded: z.number().optional(),
      missingOpen: z.number().optional(),
    }),
  ),
  /** What the model of a flat table tells; absent for models of a company. */
  table: tableTarget.optional(),
  /** Findings a reader should know of: fields left out, assumptions made. */
  notes: z.array(z.string()),
  /** How rows of a flat table are read. */
  reading: tableReading.optional(),
  tensors: z.array(z.object({ name: z.string(), shape: z.array(z.int().min(0)) })),
  /** SHA-256 of the tensors: another model's weights are refused though their shapes fit. */
  tensorsHash: z.string(),
});

export type ArtifactHeader = z.infer<typeof artifactHeader>;
