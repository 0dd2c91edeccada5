import type { FeatureWords } from '../../api/ports.ts';
import { featuresOf } from '../../features/hash.ts';
import type { Store, Version } from '../../src/store/store.ts';
import { subjectOf } from '../../src/subjects/index.ts';
import type { Evidence } from '../../training/evidence.ts';
import { open, recordOf } from '../../training/main.ts';
import { type Language, nounOf, sideOf } from '../backtest/words.ts';
import type { ReportContent } from './report.ts';

/** What the report of a company's version says, from its database. */
export function contentOf(store: Store, { model, version }: Version, language: Language): ReportContent {
  const company = store.company();
  const { settings } = company;
  const subject = subjectOf(model, company);
  const known = new Map<string, FeatureWords>(featuresOf(model, company).map((feature) => [feature.name, feature]));
  return {
    company: settings.name,
    sample: settings.sample,
    zone: settings.time_zone,
    currency: settings.base_currency,
    header: open(store, model, version).header,
    version,
    serves: store.served(model) === version,
    noun: nounOf(subject.noun.many, language),
    sides: subject.sides,
    side: (name) => sideOf(name, language),
    evidence: store.evidence(model, version) as Evidence | undefined,
    record: recordOf(store.runs(model), version),
    featureWords: (feature) => known.get(feature),
  };
}
