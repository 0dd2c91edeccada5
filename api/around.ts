import { ForesellError } from '../src/errors.ts';
import type { Store } from '../src/store/store.ts';
import { DAY, type Instant } from '../src/time.ts';
import { world } from '../src/world.ts';
import type { Moment, momentsOf } from './moments.ts';
import { type Before, type Moved, movedSince } from './moved.ts';
import { type Scorers, scored } from './pinned.ts';
import type { FeatureWords, OpenModel } from './ports.ts';
import { type Similar, similarTo } from './similar.ts';
import type { versionsOf } from './versions.ts';
import { type Edit, type WhatIf, whatIf } from './whatif.ts';
import { checkOpen, knownId } from './whom.ts';

/** What is told of one beside its score. */
export interface Around {
  /** The ended that it is most like; empty where the model has no skill. */
  similar(model: string, id: string, count: number): readonly Similar[];
  /**
   * Why its score moved since an instant, or since the last kept one that lies a point or more away. Null where there is
   * none, where it was not open then, or where the model has no skill.
   * @throws ForesellError where an instant is asked for at which it was not open
   */
  moved(model: string, id: string, since: Instant | undefined): Moved | null;
  /** What would be said of it, had it been changed; nothing is stored. */
  whatIf(ask: WhatIfAsk): WhatIfAnswer;
}
export interface WhatIfAsk {
  readonly model: string;
  readonly id: string;
  /** Undefined = now, as its score is. */
  readonly asOf: Instant | undefined;
  readonly copies: readonly (readonly Edit[])[];
  readonly reasons: number;
}
export interface WhatIfAnswer extends WhatIf {
  readonly id: string;
  readonly asOf: Instant;
  readonly open: OpenModel;
}

/** Reasons of a move, at most so many each way. */
const MOVE_REASONS = 5;
/** Below this a score counts as the same. */
const POINT = 0.01;

export function aroundOf(
  store: Store,
  versions: ReturnType<typeof versionsOf>,
  moments: ReturnType<typeof momentsOf>,
  scorers: Scorers,
): Around {
  const { words, resolve, live } = scorers;

  /** The one that is asked about, known and open at an instant; undefined = now. */
  function found(model: string, asked: string, at?: Instant): { open: OpenModel; moment: Moment; id: string } {
    const open = versions.served(model);
    const id = knownId(open.subject, resolve, asked);
    const moment = at === undefined ? live.moment(open.subject.of, id) : moments.at(at);
    checkOpen(open.subject, moment.then, id);
    return { open, moment, id };
  }

  /** The score that counted at an instant: the newest kept, if it was given within a day. */
  function givenAt(model: string, id: string, at: Instant): Before {
    const kept = store.scoreHistory(model, id).findLast((score) => score.asOf <= at && score.asOf > at - DAY);
    return kept ? { at: kept.asOf, given: kept } : { at };
  }

  return {
    similar(model, asked, count) {
      const { open, moment, id } = found(model, asked);
      return similarTo(open, moment.source, moment.then, id, count, words);
    },
    moved(model, asked, since) {
      const { open, moment, id } = found(model, asked);
      const { subject } = open;
      const now = moment.then.asOf;
      const why = (before: Before) => movedSince(open, moment.source, id, before, now, MOVE_REASONS, words) ?? null;
      if (since !== undefined) {
        if (since >= now) {
          throw new ForesellError('field-invalid', 'since: must lie before the instant of the score', {
            path: 'since',
          });
        }
        checkOpen(subject, world(moment.source, since), id);
        const before = givenAt(model, id, since);
        return why(subject.state(world(moment.source, before.at).past(subject.of, id)).is === 'open' ? before : { at: since }); // biome-ignore format: one choice
      }
      const [score] = scored(scorers, open, moment, [id], { reasons: 0, curve: false });
      const kept = store
        .scoreHistory(model, id)
        .findLast(({ asOf, probability }) => asOf < now && Math.abs(probability - score!.probability) >= POINT);
      if (!kept || subject.state(world(moment.source, kept.asOf).past(subject.of, id)).is !== 'open') return null;
      return why({ at: kept.asOf, given: kept });
    },
    whatIf({ model, id: asked, asOf, copies, reasons }) {
      const { open, moment, id } = found(model, asked, asOf);
      const { source, then } = moment;
      const said = new Map<string, FeatureWords | undefined>(); // the same features come up in every copy
      const remembered = (feature: string) => {
        if (!said.has(feature)) said.set(feature, words(feature));
        return said.get(feature);
      };
      const answer = whatIf({ open, source, then, id, copies, limit: reasons, words: remembered, resolve });
      return { id, asOf: then.asOf, open, ...answer };
    },
  };
}
