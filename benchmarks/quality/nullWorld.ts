import { simulate, simulatedSource } from '../../datasets/synthetic.ts';
import { loadArtifact } from '../../models/artifact.ts';
import { scorerOf } from '../../models/scorer.ts';
import { auc, aucNullError } from '../../src/stats/auc.ts';
import type { Profile } from '../../training/profiles.ts';
import { trainModel } from '../../training/train.ts';
import { forwardWorld } from './forwardWorld.ts';

export interface NullAnswer {
  readonly chosen: string;
  readonly auc: number;
  /** (AUC - .5) in standard errors. */
  readonly errors: number;
  /** Features that any judged row names with .05 logit or more. */
  readonly reasons: readonly string[];
}

/** Rows whose reasons are asked for. */
const ASKED = 300;
const SHOWN_FROM = 0.05;

/** A company whose hazards are constants: whatever is said of who wins or converts is invented. */
export async function nullWorld(
  model: 'deal' | 'lead',
  ask: { readonly deals: number; readonly seed: number; readonly profile: Profile },
): Promise<NullAnswer> {
  const sim = simulate({ deals: ask.deals, seed: ask.seed, scenario: 'null' });
  const source = simulatedSource(sim);
  const { subject, days, cut, test, event } = forwardWorld(sim, source, model, 1);
  const trained = await trainModel(source, subject, { until: cut, profile: ask.profile, seed: 1 });
  const scorer = scorerOf(loadArtifact(trained.bytes), source.company);
  const said = scorer.predict(test.X);
  const p = test.X.ids.map((_, row) => said.positiveBy(row, days));
  const area = auc(event, p);
  const reasons = new Set<string>();
  for (let row = 0; row < p.length; row += Math.max(1, Math.floor(p.length / ASKED))) {
    for (const [name, value] of scorer.explain(test.X, row, 'probability')?.contributions ?? [])
      if (Math.abs(value) >= SHOWN_FROM) reasons.add(name);
  }
  const { positive, negative } = entitiesBySide(test.X.ids, event);
  return {
    chosen: trained.header.chosen,
    auc: area,
    errors: (area - 0.5) / aucNullError(positive, negative),
    reasons: [...reasons].sort(),
  };
}

/** Looks at one deal repeat each other: each counts once, as positive where any of its looks was. */
export function entitiesBySide(ids: readonly string[], event: ArrayLike<number>) {
  const side = new Map<string, boolean>();
  ids.forEach((id, row) => {
    side.set(id, (side.get(id) ?? false) || event[row] === 1);
  });
  const positive = [...side.values()].filter(Boolean).length;
  return { positive, negative: side.size - positive };
}
