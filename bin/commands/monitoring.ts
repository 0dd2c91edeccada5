import type { Command } from 'commander';
import type { Comparison, DriftReport, Engine } from '../../api/engine.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { subjectsOf } from '../../src/subjects/index.ts';
import { formatInstant } from '../../src/time.ts';
import { asOfIn, type Common, table } from '../common.ts';
import { findVersion } from '../runs/find.ts';

interface Options extends Common {
  readonly model?: string;
  readonly none?: boolean;
}
type Sub = (name: string, summary: string, run: (store: Store, options: Options, args: string[], self: Command) => unknown) => Command; // biome-ignore format: one type

const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
const say = (text: string) => process.stdout.write(`${text}\n`);
const short = (version: string) => version.slice(0, 12);

/** `models shadow`, `compare`, `drift` and `watch`: what serves, watched. */
export function addMonitoring(sub: Sub): void {
  sub(
    'shadow [version]',
    'score a version beside the one that serves, unseen by callers',
    async (store, options, [version]) => {
      if (version === undefined) {
        const model = options.model ?? 'deal';
        if (options.none) store.setShadow(model, undefined);
        const shadow = store.shadow(model) ?? null;
        const kept = shadow ? store.shadowScores(model, shadow.version).length : 0;
        if (options.json) return print({ model, shadow, kept });
        return say(
          shadow
            ? `${short(shadow.version)} is in the shadow of ${model} since ${formatInstant(shadow.since)}; ${kept} scores kept`
            : `nothing is in the shadow of ${model}`,
        );
      }
      const found = findVersion(store, options.model, version);
      if (store.served(found.model) === found.version) {
        throw new ForesellError(
          'version-serves',
          `${short(found.version)} serves ${found.model}; only one that does not can be in its shadow`,
          { status: 409 },
        );
      }
      const engine = await engineOf(store, options);
      engine.compare(found.model, found.version, found.version); // only what opens and checks out
      store.setShadow(found.model, { version: found.version, since: Date.now() });
      const kept = engine.keepShadow(found.model);
      if (options.json) return print({ model: found.model, shadow: store.shadow(found.model), kept });
      say(
        `${short(found.version)} is in the shadow of ${found.model}: ${kept} scores kept beside those told; see: foresell models compare --model ${found.model}`,
      );
    },
  ).option('--none', 'end the shadow; what it said is kept', false);

  sub(
    'compare [version]',
    'a version against the one that serves, on outcomes that neither was trained on',
    async (store, options, [version]) => {
      const found = version === undefined ? undefined : findVersion(store, options.model, version);
      const model = found?.model ?? options.model ?? 'deal';
      const served = store.served(model);
      const other = found?.version ?? store.shadow(model)?.version;
      if (served === undefined || other === undefined) {
        throw new ForesellError(
          'version-missing',
          served === undefined
            ? `no version of ${model} serves`
            : `name a version, or put one in the shadow: foresell models shadow VERSION`,
          { status: 404 },
        );
      }
      const engine = await engineOf(store, options);
      const shadow = store.shadow(model)?.version === other ? keptBy(engine, model, other) : undefined;
      const compared = engine.compare(model, other, served);
      if (options.json) return print({ ...times(compared), ...(shadow ? { kept: shadow } : {}) });
      say(
        `${model}: ${short(other)} against ${short(served)}, which serves, on ${compared.rows} looks at ${compared.accounts} accounts since ${formatInstant(compared.since)}`,
      );
      say(verdict(compared));
      if (shadow) say(`${shadow.scores} scores kept in the shadow, ${shadow.times} times`);
    },
  );

  sub('drift', 'how far the world has moved from what serves', async (store, options) => {
    const engine = await engineOf(store, options);
    const { driftJson } = await import('../../api/driftAnswer.ts');
    const models = options.model
      ? [options.model]
      : subjectsOf(store.company())
          .map(({ model }) => model)
          .filter((model) => store.served(model) !== undefined);
    const reports = models.map((model) => engine.drift(model));
    if (options.json) return print(reports.map(driftJson));
    for (const report of reports) say(driftText(report));
    if (reports.length === 0) say('no model serves; make one with: foresell train');
  });

  sub(
    'watch',
    'tell drift, keep the shadow, go back where what serves turned worse, train what is due',
    async (store, options, _args, self) => {
      const { readWatch, trainsAs } = await import('../watch/settings.ts');
      const { doneText, watchOnce } = await import('../watch/watch.ts');
      const seed = self.getOptionValueSource('seed') === 'cli' ? options.seed : undefined;
      const look = { ...trainsAs(options, seed), model: options.model };
      const done = await watchOnce(store, await engineOf(store, options), readWatch(options), look);
      if (options.json) return print(done);
      for (const one of done) {
        if (options.quiet && !one.rolledBack && one.trained === null && one.drift?.level !== 'act') continue; // nothing to tell
        say(doneText(one));
      }
    },
  ).addHelpText(
    'after',
    '\nWhat is done unasked stands in foresell.yaml beside the database; a server that runs then looks every six hours:\n' +
      '  retrain: { every: 28d, drift: true, outcomes: 200 }   # any of the three is enough; trained as `train` says\n' +
      '  rollback: true\n' +
      '  alarms: true                                          # drift is told, in the log and on /v1/events\n',
  );
}

async function engineOf(store: Store, options: Common): Promise<Engine> {
  const { openEngine } = await import('../../api/open.ts');
  const asOf = asOfIn(options, store.company().settings.time_zone);
  return openEngine({ db: store, now: asOf === undefined ? Date.now : () => asOf });
}

function keptBy(engine: Engine, model: string, version: string) {
  const kept = engine.store.shadowScores(model, version);
  return { scores: kept.length, times: new Set(kept.map(({ asOf }) => asOf)).size };
}

const times = (compared: Comparison) => ({
  ...compared,
  since: formatInstant(compared.since),
  until: formatInstant(compared.until),
});

function verdict({ rows, logLoss, logLossAgainst, lowerBy, standardError, sure }: Comparison): string {
  if (rows === 0 || lowerBy === null) return 'nothing has ended since both were trained; come back later';
  const figures = `log loss ${logLoss!.toFixed(4)} against ${logLossAgainst!.toFixed(4)}: ${lowerBy >= 0 ? 'lower' : 'higher'} by ${Math.abs(lowerBy).toFixed(4)} +- ${(standardError ?? 0).toFixed(4)}`;
  return sure === null ? `${figures}; too few to tell` : `${figures} (${(100 * sure).toFixed(0)} % sure it is better)`;
}

function driftText({ model, version, since, drift, why }: DriftReport): string {
  if (!drift) return `${model} ${short(version)}: ${why}`;
  const { inputs, scores, outcomes, calibration } = drift;
  const share = (value: number | null) => (value === null ? '-' : `${(100 * value).toFixed(0)} %`);
  const lines = [
    `${model} ${short(version)}: ${drift.level}, from ${drift.rows} looks since ${formatInstant(since)}`,
    `inputs ${inputs.level}: ${inputs.moved.length} of ${inputs.columns} columns have moved`,
    `scores ${scores.level}: PSI ${scores.psi.toFixed(3)}, KS ${scores.ks.toFixed(3)}`,
    `outcomes ${outcomes.level}: ${share(outcomes.rate)} of ${outcomes.ended} ended well, ${share(outcomes.rateBefore)} in training`,
    `calibration ${calibration.level}: log loss ${calibration.logLoss?.toFixed(3) ?? '-'} of ${calibration.judged}, ${calibration.expected?.toFixed(3) ?? '-'} was to be expected${calibration.since === null ? '' : `, worse since ${formatInstant(calibration.since)}`}`,
  ];
  if (inputs.moved.length === 0) return lines.join('\n');
  const rows = inputs.moved
    .slice(0, 15)
    .map((column) => [
      column.feature,
      column.level,
      column.psi.toFixed(3),
      column.ks.toFixed(3),
      column.usualPsi.toFixed(3),
      `${share(column.missingBefore)} -> ${share(column.missing)}`,
    ]);
  return [...lines, table([['column', '', 'PSI', 'KS', 'usual PSI', 'missing'], ...rows])].join('\n');
}
