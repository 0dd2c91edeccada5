import { dealFeatures, hashFeatures } from '../features/hash.ts';
import { type Feature, snapshot } from '../features/index.ts';
import { loadArtifact } from '../models/artifact.ts';
import { dealScorer } from '../models/deal.ts';
import type { Company } from '../src/company.ts';
import { ForesellError } from '../src/errors.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';
import type { Instant } from '../src/time.ts';
import { createEngine, type Engine } from './engine.ts';
import type { FeatureWords, Parts } from './ports.ts';

/** Where the engine stands: a database file, or a store already open, and the clock. */
export interface EngineOptions {
  readonly db: string | Store;
  readonly now: () => Instant;
}

/** The engine over a company's one file, with the real parts: what routes, pages and commands call. */
export function openEngine({ db, now }: EngineOptions): Engine {
  const store = typeof db === 'string' ? openStore(db, { now }) : db;
  return createEngine(store, partsOf(store), now);
}

/** Effects of the calendar that the model knows without a feature. */
const calendarWords: Readonly<Record<string, FeatureWords>> = {
  quarter_end: {
    label: { en: 'how near the quarter\u2019s end is', th: 'ความใกล้สิ้นไตรมาส' },
    idea: 'quarter end',
    unit: 'none',
  },
};

function partsOf(store: Store): Parts {
  let kept: { company: Company; features: readonly Feature[]; byName: ReadonlyMap<string, Feature> } | undefined;
  const own = (company: Company) => {
    if (kept?.company !== company) {
      const features = dealFeatures(company);
      kept = { company, features, byName: new Map(features.map((feature) => [feature.name, feature])) };
    }
    return kept;
  };
  return {
    openModel: (_model, bytes, company) => {
      const artifact = loadArtifact(bytes);
      const { header, version } = artifact;
      const { features, byName } = own(company);
      if (header.featuresHash !== hashFeatures(features)) {
        throw new ForesellError(
          'features-changed',
          `version ${version.slice(0, 12)} was trained on other features than this program has; run: foresell train`,
          { blame: 'failure', status: 503 },
        );
      }
      const scorer = dealScorer(artifact, company);
      const set = header.features.map(({ name }) => byName.get(name)!);
      return {
        version,
        featuresHash: header.featuresHash,
        lowSkill: header.lowSkill || header.insufficientData,
        rho: header.rho,
        trained: header.trained,
        chosen: header.chosen,
        metrics: header.metrics,
        calibration: header.calibration,
        features: header.features.map(({ name }) => name),
        snapshot: (from, rows) => snapshot(from, set, rows, 'deal'),
        predict: scorer.predict,
        explain: scorer.explain,
      };
    },
    words: (name) => own(store.company()).byName.get(name) ?? calendarWords[name],
  };
}
