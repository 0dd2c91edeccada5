import { type Drift, driftOf, type Judged } from '../models/drift/drift.ts';
import { sureness } from '../models/promotion/checks.ts';
import { servedBefore } from '../models/servedBefore.ts';
import { ForesellError } from '../src/errors.ts';
import { hash32 } from '../src/random.ts';
import { logLoss, logLossOf } from '../src/stats/logLoss.ts';
import { pairedDifference } from '../src/stats/pairedDifference.ts';
import type { Store } from '../src/store/store.ts';
import { DAY, formatInstant, type Instant } from '../src/time.ts';
import { world } from '../src/world.ts';
import type { momentsOf } from './moments.ts';
import { type Scorers, scored } from './pinned.ts';
import type { OpenModel } from './ports.ts';
import { answered, type Looked, lookedAt } from './resolved.ts';
import { attempt, type versionsOf } from './versions.ts';

/** How two versions stand on outcomes that neither was trained on. */
export interface Comparison {
  readonly model: string;
  readonly version: string;
  readonly against: string;
  /** Looks from then on count. */
  readonly since: Instant;
  readonly until: Instant;
  readonly rows: number;
  readonly accounts: number;
  /** Mean log loss of the version, and of the other; null without rows. */
  readonly logLoss: number | null;
  readonly logLossAgainst: number | null;
  /** Lower by so much, and the standard error, with accounts as clusters. */
  readonly lowerBy: number | null;
  readonly standardError: number | null;
  /** How sure it is that the version's is lower; null where there is too little to tell. */
  readonly sure: number | null;
}

export interface DriftReport {
  readonly model: string;
  readonly version: string;
  readonly trainedTo: Instant;
  readonly since: Instant;
  readonly asOf: Instant;
  /** Undefined where nothing can be told; `why` says so. */
  readonly drift: Drift | undefined;
  readonly why: string | undefined;
}

/** When a model is trained anew; each that is given is enough. */
export interface RetrainRule {
  /** So many days after the last training. */
  readonly everyDays?: number | undefined;
  /** Once drift says `act`; at most once a week. */
  readonly drift?: boolean | undefined;
  /** Once so many more have ended. */
  readonly outcomes?: number | undefined;
}

/** What the watch did about a model. */
export interface Watched {
  readonly model: string;
  readonly rolledBack: boolean;
  readonly reason: string;
}

/** Drift is told of the last quarter, or since training where that was later. */
const WINDOW_DAYS = 91;
const FEWEST_ROWS = 50;
const FEWEST_ACCOUNTS = 10;
/** Going back is decided every day anew: by .95 a version as good as the last would some day be taken down by chance. */
const SURE_TO_GO_BACK = 0.99;
/** A training that drift asked for, and the gate refused, is not asked for again at once. */
const DRIFT_REST_DAYS = 7;

/** Watching what serves: drift, versions beside each other, the shadow, and going back. */
export function monitorOf(
  store: Store,
  versions: ReturnType<typeof versionsOf>,
  moments: ReturnType<typeof momentsOf>,
  scorers: Scorers,
  now: () => Instant,
) {
  const { liveAsOf } = scorers;

  function compare(model: string, version: string, against: string): Comparison {
    const [one, other] = [versions.open(model, version), versions.open(model, against)];
    const until = liveAsOf();
    const since = Math.max(one.trained.to, other.trained.to);
    const { source } = moments.at(until);
    const looked = lookedAt(source, one.subject, since, until);
    return { model, version: one.version, against: other.version, since, until, ...difference(one, other, looked) };

    function difference(a: OpenModel, b: OpenModel, of: Looked) {
      if (a.withinDays !== b.withinDays) {
        throw new ForesellError('versions-differ', 'the two versions answer different questions: another horizon', { status: 409 }); // biome-ignore format: one sentence
      }
      const [mine, theirs] = [answered(a, source, of), answered(b, source, of)];
      const groups = mine.rows.map((row) => of.groups[row]!);
      const accounts = new Set(groups).size;
      if (mine.rows.length === 0) return { rows: 0, accounts, logLoss: null, logLossAgainst: null, lowerBy: null, standardError: null, sure: null }; // biome-ignore format: one answer
      const losses = (said: Float64Array) => Float64Array.from(said, (p, i) => logLossOf(mine.event[i]!, p));
      const [own, others] = [losses(mine.said), losses(theirs.said)];
      const { mean, standardError } = pairedDifference(others, own, groups);
      const enough = mine.rows.length >= FEWEST_ROWS && accounts >= FEWEST_ACCOUNTS;
      return {
        rows: mine.rows.length,
        accounts,
        logLoss: logLoss(mine.event, mine.said),
        logLossAgainst: logLoss(mine.event, theirs.said),
        lowerBy: mean,
        standardError: Number.isFinite(standardError) ? standardError : null,
        sure: enough ? sureness(others.map((loss, i) => loss - own[i]!), groups) : null, // biome-ignore format: one choice
      };
    }
  }

  function drift(model: string): DriftReport {
    const open = versions.served(model);
    const asOf = liveAsOf();
    const { subject, version, trained, reference } = open;
    const since = Math.max(trained.to, asOf - WINDOW_DAYS * DAY);
    const about = { model: subject.model, version, trainedTo: trained.to, since, asOf };
    if (!reference) return { ...about, drift: undefined, why: `version ${version.slice(0, 12)} was made before training kept what it looked like; train again` }; // biome-ignore format: one answer
    const { source } = moments.at(asOf);
    const looked = lookedAt(source, subject, since, asOf);
    const accounts = new Set(looked.groups).size;
    if (looked.looks.length < FEWEST_ROWS || accounts < FEWEST_ACCOUNTS) {
      const why = `only ${looked.looks.length} looks at ${accounts} accounts since ${formatInstant(since)} (${FEWEST_ROWS} at ${FEWEST_ACCOUNTS} needed): nothing can be told yet`;
      return { ...about, drift: undefined, why };
    }
    const X = open.snapshot(source, looked.looks);
    const endings = new Map<string, number>();
    looked.outcomes.forEach(({ cause, timeDays }, row) => {
      const { id, asOf: at } = looked.looks[row]!;
      if (cause) endings.set(`${id} ${Math.round(at + timeDays * DAY)}`, cause.positive ? 1 : 0);
    });
    const recent = {
      X,
      groups: looked.groups,
      scores: open.predict(X).probability,
      endings: [...endings.values()],
      judged: judgedOf(open, looked),
    };
    return { ...about, drift: driftOf(reference, recent), why: undefined };

    /** One look of each that ended, drawn by its name, in the order in which the endings became known. */
    function judgedOf(of: OpenModel, all: Looked): Judged[] {
      const { rows, event, said } = answered(of, source, all);
      const drawn = new Map<string, { rank: number; judged: Judged }>();
      rows.forEach((row, i) => {
        const { id, asOf: at } = all.looks[row]!;
        const rank = hash32(`${id} ${at}`);
        const known = drawn.get(id);
        if (known && known.rank <= rank) return;
        const { knownAt, timeDays } = all.outcomes[row]!;
        const when = Number.isFinite(knownAt) ? knownAt : at + timeDays * DAY;
        drawn.set(id, { rank, judged: { said: said[i]!, event: event[i]!, knownAt: when, group: all.groups[row]! } });
      });
      return [...drawn.values()].map(({ judged }) => judged).sort((a, b) => a.knownAt - b.knownAt);
    }
  }

  /** Scores everything open by the version in the shadow and keeps what it says; how many there were. */
  function keepShadow(model: string): number {
    const shadow = store.shadow(model);
    if (!shadow) return 0;
    const open = versions.open(model, shadow.version);
    const at = liveAsOf();
    const moment = moments.at(at);
    const scores = scored(scorers, open, moment, moment.open(open.subject), { reasons: 0, curve: false });
    store.keepShadowScores(
      scores.map(({ id, probability }) => ({ model, version: open.version, id, asOf: at, probability })),
    );
    return scores.length;
  }

  /**
   * Goes back to the version that served before, where it is, with .99 sureness, better on the outcomes since both were
   * trained; each scored as it would have been that day. Written into the record of promotions.
   */
  function watch(model: string): Watched {
    const served = store.served(model);
    const before = servedBefore(store.promotions(model));
    const stays = (reason: string): Watched => ({ model, rolledBack: false, reason });
    if (served === undefined || before === undefined) return stays('nothing served before');
    const opens = attempt(null, () => versions.open(model, before));
    if ('error' in opens) return stays(`the version before cannot be served: ${opens.error.message}`);
    const { rows, sure, lowerBy, standardError, since } = compare(model, before, served);
    if (sure === null) return stays(`too few outcomes since ${formatInstant(since)} to tell`);
    const figures = `on ${rows} looks since ${formatInstant(since)} the log loss of ${before.slice(0, 12)} is ${lowerBy! >= 0 ? 'lower' : 'higher'} by ${Math.abs(lowerBy!).toFixed(4)} +- ${(standardError ?? 0).toFixed(4)} (${(100 * sure).toFixed(0)} % sure it is better)`;
    if (sure < SURE_TO_GO_BACK) return stays(figures);
    // Somebody may have decided meanwhile.
    if (store.served(model) !== served) return stays('another version was put into service meanwhile');
    const reason = `turned worse than the version before: ${figures}`;
    store.serve({ at: now(), model, version: before, previous: served, action: 'rollback', reason });
    return { model, rolledBack: true, reason };
  }

  /** Why a model is to be trained anew; undefined = it is not. A model without a version waits for its first by hand. */
  function due(model: string, { everyDays, drift: onDrift, outcomes }: RetrainRule): string | undefined {
    const newest = store.versions(model)[0];
    const served = store.served(model);
    if (!newest || !served) return undefined;
    const age = (now() - newest.createdAt) / DAY;
    if (everyDays !== undefined && age >= everyDays) return `the last training was ${Math.floor(age)} days ago`;
    if (outcomes !== undefined) {
      const { to } = versions.open(model, newest.version).trained;
      const ended = endedSince(model, to);
      if (ended >= outcomes) return `${ended} more have ended since the last training`;
    }
    if (onDrift && age >= DRIFT_REST_DAYS && drift(model).drift?.level === 'act') return 'it has drifted';
    return undefined;
  }

  function endedSince(model: string, from: Instant): number {
    const until = liveAsOf();
    const { source } = moments.at(until);
    const { subject } = versions.served(model);
    const ended = source.ids(subject.of).filter((id) => {
      const span = subject.span(source.history(subject.of, id), until);
      if (!span || span.to <= from) return false;
      const past = world(source, until).past(subject.of, id);
      const state = subject.state(past);
      return state.is === 'ended' && state.at > from;
    });
    return ended.length;
  }

  return { compare, drift, keepShadow, watch, due };
}
