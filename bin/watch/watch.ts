import type { Engine } from '../../api/engine.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { subjectsOf } from '../../src/subjects/index.ts';
import type { Common } from '../common.ts';
import type { WatchSettings } from './settings.ts';

export interface Done {
  readonly model: string;
  /** Scores kept of the version in the shadow. */
  readonly shadow: number;
  readonly rolledBack: boolean;
  readonly why: string;
  /** Why it was trained anew; null = it was not. */
  readonly trained: string | null;
}

/**
 * One look at everything that serves: the shadow is scored, a version that turned worse is taken down (where `rollback`
 * is set), and what is due is trained; under a lease of its own, so that two never do it at once.
 */
export async function watchOnce(
  store: Store,
  engine: Engine,
  { rule, rollback }: WatchSettings,
  options: Pick<Common, 'seed'>,
): Promise<Done[]> {
  return store.withLease('watch', async () => {
    const done: Done[] = [];
    for (const { model } of subjectsOf(store.company())) {
      if (store.served(model) === undefined) continue;
      const shadow = engine.keepShadow(model);
      const back = rollback ? engine.watch(model) : { rolledBack: false, reason: 'rollback is not set' };
      const due = engine.due(model, rule);
      done.push({
        model,
        shadow,
        rolledBack: back.rolledBack,
        why: back.reason,
        trained: due !== undefined && (await trained(store, engine, model, options)) ? due : null,
      });
    }
    return done;
  });
}

/** Trains as `foresell train` would; another training that runs already is left to it. */
async function trained(store: Store, engine: Engine, model: string, { seed }: Pick<Common, 'seed'>): Promise<boolean> {
  const { runTraining } = await import('../../training/main.ts');
  const { withFitThread } = await import('../fitThread.ts');
  try {
    const run = { model, until: engine.liveAsOf() + 1, profile: 'default', seed, now: Date.now() } as const;
    await withFitThread((hands) => runTraining(store, { ...run, hands }));
    return true;
  } catch (error) {
    if (error instanceof ForesellError && error.code === 'lease-held') return false;
    throw error;
  }
}
