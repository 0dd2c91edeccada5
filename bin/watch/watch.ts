import { type DriftLevels, driftLevels } from '../../api/driftAnswer.ts';
import type { Engine } from '../../api/engine.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { subjectsOf } from '../../src/subjects/index.ts';
import type { TrainingRun } from '../../training/main.ts';
import type { WatchSettings } from './settings.ts';

export interface Done {
  readonly model: string;
  /** Scores kept of the version in the shadow. */
  readonly shadow: number;
  readonly rolledBack: boolean;
  readonly why: string;
  /** Null where nothing can be told yet. Of what served when it was looked at, before anything was done. */
  readonly drift: DriftLevels | null;
  /** Why it was trained anew; null = it was not. */
  readonly trained: string | null;
}

/** How a look is made: of one model, or of all; and how what is due is trained. */
export interface Look extends Required<Pick<TrainingRun, 'seed' | 'profile' | 'changes' | 'budget'>> {
  readonly model?: string | undefined;
}

/**
 * One look at everything that serves: the shadow is scored, drift is told, a version that turned worse is taken down (where
 * `rollback` is set), and what is due is trained; under a lease of its own, so that two never do it at once.
 */
export async function watchOnce(
  store: Store,
  engine: Engine,
  { rule, rollback }: Pick<WatchSettings, 'rule' | 'rollback'>,
  look: Look,
): Promise<Done[]> {
  return store.withLease('watch', async () => {
    const done: Done[] = [];
    for (const { model } of subjectsOf(store.company())) {
      if (store.served(model) === undefined || (look.model ?? model) !== model) continue;
      const shadow = engine.keepShadow(model);
      const drift = driftLevels(engine.drift(model));
      const back = rollback ? engine.watch(model) : { rolledBack: false, reason: 'rollback is not set' };
      const due = engine.due(model, rule);
      done.push({
        model,
        shadow,
        rolledBack: back.rolledBack,
        why: back.reason,
        drift,
        trained: due !== undefined && (await trained(store, engine, model, look)) ? due : null,
      });
    }
    return done;
  });
}

/** What was done, in words. */
export const doneText = ({ model, shadow, rolledBack, why, drift, trained }: Done): string =>
  `${model}: ${rolledBack ? 'went back: ' : 'stays: '}${why}${drift ? `; ${driftText(drift)}` : ''}${shadow ? `; ${shadow} shadow scores kept` : ''}${trained ? `; trained, since ${trained}` : ''}`;

export const driftText = ({ level, version: _, ...parts }: DriftLevels): string =>
  `drift ${level} (${Object.entries(parts).map(([part, of]) => `${part} ${of}`).join(', ')})`; // biome-ignore format: one sentence

/** Trains as `foresell train` would; another training that runs already is left to it. */
async function trained(store: Store, engine: Engine, model: string, how: Look): Promise<boolean> {
  const { runTraining } = await import('../../training/main.ts');
  const { withFitThread } = await import('../fitThread.ts');
  const { profile, seed, changes, budget } = how;
  try {
    const run = { model, until: engine.liveAsOf() + 1, profile, seed, changes, budget, now: Date.now() };
    await withFitThread((hands) => runTraining(store, { ...run, hands }));
    return true;
  } catch (error) {
    if (error instanceof ForesellError && error.code === 'lease-held') return false;
    throw error;
  }
}
