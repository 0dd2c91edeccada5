import { featuresOf, hashFeatures } from '../features/hash.ts';
import { type Feature, snapshot } from '../features/index.ts';
import { recordFeatures } from '../features/record.ts';
import { loadArtifact } from '../models/artifact.ts';
import type { Executor } from '../models/hazardModel.ts';
import { scorerOf } from '../models/scorer.ts';
import type { Company } from '../src/company.ts';
import { ForesellError } from '../src/errors.ts';
import type { Own } from '../src/own.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import { subjectsOf } from '../src/subjects/index.ts';
import type { Instant } from '../src/time.ts';
import { createEngine } from './createEngine.ts';
import type { Engine } from './engine.ts';
import type { FeatureWords, Parts } from './ports.ts';

/** Where the engine stands: a database file, or a store already open, and the clock. */
export interface EngineOptions {
  readonly db: string | Store;
  /** Of a database file: what the company added in code. A store already open has its own. */
  readonly own?: Own | undefined;
  readonly now: () => Instant;
  /** Who computes hazards; absent = the compiled form. */
  readonly executor?: Executor | undefined;
  /** Of a database file: how often another process's commits are looked for, in ms; absent = at every look. */
  readonly lookEveryMs?: number;
  /** Rows of features kept of those asked for lately, at each instant; absent = 2,000. */
  readonly rowsKept?: number;
}

/** The engine over a company's one file, with the real parts: what routes, pages and commands call. */
export function openEngine({ db, now, own, executor, lookEveryMs = 0, rowsKept }: EngineOptions): Engine {
  const store = typeof db === 'string' ? openStore(db, own ? { now, own, lookEveryMs } : { now, lookEveryMs }) : db;
  return createEngine(store, partsOf(store, executor), now, rowsKept);
}

/** What moves a score without being a feature of any set: effects of the calendar, the owner's record. */
const otherWords: Readonly<Record<string, FeatureWords>> = {
  quarter_end: {
    label: { en: 'how near the quarter\u2019s end is', th: 'ความใกล้สิ้นไตรมาส' },
    idea: 'quarter end',
    unit: 'none',
  },
  ...Object.fromEntries(recordFeatures.map((feature) => [feature.name, feature])),
};

function partsOf(store: Store, executor: Executor | undefined): Parts {
  /** A company's own features of each model, and all of them by name. */
  let kept:
    | { company: Company; sets: ReadonlyMap<string, readonly Feature[]>; byName: ReadonlyMap<string, Feature> }
    | undefined;
  const own = (company: Company) => {
    if (kept?.company !== company) {
      const sets = new Map(subjectsOf(company).map(({ model }) => [model, featuresOf(model, company)]));
      const byName = new Map([...sets.values()].flatMap((set) => set.map((feature) => [feature.name, feature])));
      kept = { company, sets, byName };
    }
    return kept;
  };
  return {
    openModel: (subject, bytes, company) => {
      const artifact = loadArtifact(bytes);
      const { header, version } = artifact;
      if (header.model !== subject.model) {
        throw new ForesellError(
          'model-other',
          `version ${version.slice(0, 12)} is a model of ${header.model}, not of ${subject.model}`,
          { blame: 'failure', status: 503 },
        );
      }
      const features = own(company).sets.get(subject.model)!;
      const byName = new Map(features.map((feature) => [feature.name, feature]));
      if (header.featuresHash !== hashFeatures(features)) {
        throw new ForesellError(
          'features-changed',
          `version ${version.slice(0, 12)} was trained on other features than this program has, with those that foresell.yaml names; run: foresell train --model ${subject.model}`,
          { blame: 'failure', status: 503 },
        );
      }
      const scorer = scorerOf(artifact, company, executor);
      const { outcomes } = header.trained;
      const set = header.features.map(({ name }) => byName.get(name)!);
      const read = header.record ? [...set, ...recordFeatures] : set;
      return {
        subject,
        version,
        featuresHash: header.featuresHash,
        lowSkill: header.lowSkill || header.insufficientData,
        rho: header.rho,
        trained: header.trained,
        withinDays: header.withinDays,
        outcomes: Object.entries(outcomes).reduce((sum, [side, n]) => (side === 'open' ? sum : sum + n), 0),
        chosen: header.chosen,
        metrics: header.metrics,
        calibration: header.calibration,
        reference: header.reference,
        features: header.features.map(({ name }) => name),
        snapshot: (from, rows) => {
          const ids = rows.map(({ id }) => id);
          return snapshot(from.whole?.(subject.of, ids) ?? from, read, rows, subject.of);
        },
        predict: scorer.predict,
        explain: scorer.explain,
        comparer: scorer.comparer,
      };
    },
    words: (name) => own(store.company()).byName.get(name) ?? otherWords[name],
  };
}
