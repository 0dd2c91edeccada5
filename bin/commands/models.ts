import { Command, Option } from 'commander';
import { ForesellError } from '../../src/errors.ts';
import type { Store, Version } from '../../src/store/store.ts';
import { subjectOf, subjectsOf } from '../../src/subjects/index.ts';
import { formatInstant } from '../../src/time.ts';
import type { RunRecord } from '../../training/runRecord.ts';
import { type Common, progressOf, table, withCommon } from '../common.ts';
import { findVersion, findVersionOrServed } from '../runs/find.ts';
import { addMonitoring } from './monitoring.ts';

interface Options extends Common {
  /** Absent: all of them, where a version's hash says which. */
  readonly model?: string;
}

/** `foresell models`: the registry. Versions are never edited; serving is one pointer. */
export function modelsCommand(): Command {
  const command = new Command('models')
    .summary('list, show, compare, report, promote and roll back versions')
    .description(
      'The registry of trained versions, and of the trainings that made them. A version is never edited; exactly one serves.\n' +
        'A version is named by the beginning of its hash, a training by its number (r12). Where none is named, it is the one that serves.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ foresell models list\n' +
        '  $ foresell models list --model churn\n' +
        '  $ foresell models show 3f9c2a\n' +
        '  $ foresell models runs --model deal\n' +
        '  $ foresell models diff 3f9c2a r12\n' +
        '  $ foresell models reproduce 3f9c2a\n' +
        '  $ foresell models report --model lead --out report.html --language th\n' +
        '  $ foresell models promote 3f9c2a\n' +
        '  $ foresell models rollback\n' +
        '  $ foresell models drift\n' +
        '  $ foresell models shadow 3f9c2a && foresell models compare\n' +
        '  $ foresell models watch\n' +
        '  $ foresell models export 3f9c2a --format onnx --out model.onnx\n' +
        '  $ foresell models export 3f9c2a --format tfjs --out ./model\n',
    );
  const sub = (
    name: string,
    summary: string,
    run: (store: Store, options: Options, args: string[], self: Command) => unknown,
  ) => {
    // biome-ignore format: one signature
    const child = new Command(name.split(' ')[0]).summary(summary).description(summary);
    for (const argument of name.split(' ').slice(1)) child.argument(argument);
    const model = new Option('--model <name>', 'which model');
    if (name === 'rollback') model.default('deal'); // elsewhere a version's hash tells the model
    withCommon(child)
      .addOption(model)
      .action(async (...all: unknown[]) => {
        const { withStore } = await import('../store.ts');
        const self = all.at(-1) as Command;
        const options = self.optsWithGlobals<Options>();
        await withStore(options, async (store) => {
          if (options.model !== undefined) subjectOf(options.model, store.company()); // one that there is
          await run(store, options, self.args, self);
        });
      });
    command.addCommand(child, { isDefault: name === 'list' });
    return child;
  };

  sub('list', 'every version, the serving one marked', (store, options) => {
    const versions = store.versions(options.model);
    const serves = ({ model, version }: Version) => store.served(model) === version;
    if (options.json) return print(versions.map((v) => ({ ...brief(v), serves: serves(v) })));
    const models = subjectsOf(store.company()).map(({ model }) => model);
    const without = models.filter((model) => (options.model ?? model) === model && !versions.some((v) => v.model === model)); // biome-ignore format: one look
    for (const model of without) say(`${model}: no version yet; make one with: foresell train --model ${model}`);
    if (versions.length === 0) return;
    say(
      table([
        ['', 'model', 'version', 'made', 'what', 'skill'],
        ...versions.map((v) => [
          serves(v) ? '*' : '',
          v.model,
          v.version.slice(0, 12),
          formatInstant(v.createdAt).slice(0, 16),
          String(v.summary['chosen']),
          v.lowSkill ? 'low' : 'yes',
        ]),
      ]),
    );
  });
  sub('show [version]', 'metrics, baselines and the gate’s verdict', (store, options, [version]) => {
    const found = findVersionOrServed(store, options.model, version);
    print({ ...brief(found), serves: store.served(found.model) === found.version, ...found.summary });
  });
  sub('runs', 'every training, also those refused or failed, the newest first', (store, options) => {
    const runs = store.runs(options.model).map(({ record, ...run }) => ({ ...run, record: record as unknown as RunRecord })); // biome-ignore format: one list
    if (options.json) {
      return print(runs.map(({ id, at, record, ...run }) => ({ run: `r${id}`, at: formatInstant(at), ...run, ...record, config: { ...record.config, until: formatInstant(record.config.until) } }))); // biome-ignore format: one list
    }
    if (runs.length === 0) return say('no training was recorded yet; make one with: foresell train');
    const what = { served: 'serves', kept: 'kept, does not serve', failed: 'failed', same: 'repeated: the same weights', differs: 'repeated: other weights' }; // biome-ignore format: words
    say(
      table([
        ['run', 'model', 'begun', 'profile', 'seed', 'seconds', 'MB', 'version', 'came of it', ''],
        ...runs.map(
          ({ id, at, model, outcome, version, record: { config, seconds, peakMemoryMb, error, verdict } }) => [
            `r${id}`,
            model,
            formatInstant(at).slice(0, 16),
            `${config.profile}${Object.keys(config.changes).length ? ' (changed)' : ''}`,
            String(config.seed),
            seconds.toFixed(1),
            String(peakMemoryMb),
            version?.slice(0, 12) ?? '-',
            what[outcome],
            error ? `${error.code}: ${error.message}` : outcome === 'kept' ? (verdict?.reason ?? '') : '',
          ],
        ),
      ]),
    );
  });
  sub('diff <a> <b>', 'two versions or trainings side by side', async (store, options, [a, b]) => {
    const { sideOf } = await import('../runs/side.ts');
    const { differenceOf, printedDifference } = await import('../runs/difference.ts');
    const difference = differenceOf(sideOf(store, options.model, a!), sideOf(store, options.model, b!));
    if (options.json) return print(difference);
    process.stdout.write(printedDifference(difference));
  });
  sub(
    'reproduce [version]',
    'train it again from its record and compare every weight',
    async (store, options, [version]) => {
      const found = findVersionOrServed(store, options.model, version);
      const { reproduce } = await import('../../training/main.ts');
      const { progressWords } = await import('../progress.ts');
      const progress = progressOf(options);
      const words = progressWords(() => performance.now());
      const again = await reproduce(store, found.model, found.version, Date.now(), (step, share, epoch) => {
        const { now, log } = words(step, share, epoch);
        if (log) progress.line(log);
        progress.step(now);
      });
      progress.line('done');
      const { same, version: of, weights, data, changed } = again;
      if (options.json) print({ model: found.model, ...again });
      else {
        const changedWords = changed.length ? `; not as it was then: ${changed.join(', ')}` : '';
        say(
          same
            ? `${of.recorded.slice(0, 12)}: the same again, every byte (weights ${weights.now.slice(0, 12)})${changedWords}`
            : `${of.recorded.slice(0, 12)}: ${of.now.slice(0, 12)} came out, ${weights.now === weights.recorded ? 'with the same weights' : `with other weights (${weights.now.slice(0, 12)}, recorded ${weights.recorded.slice(0, 12)})`}, from ${data.now === data.recorded ? 'the same rows' : 'other rows'}${changedWords}`,
        );
      }
      if (!same) {
        throw new ForesellError('not-reproduced', 'what came out is not the version; compare code, settings and data with: foresell models diff', { blame: 'failure' }); // biome-ignore format: one sentence
      }
    },
  );
  sub(
    'report [version]',
    'a page on its quality, what moves it, and how it was made',
    async (store, options, [version]) => {
      const found = findVersionOrServed(store, options.model, version);
      const { contentOf } = await import('../report/content.ts');
      const { reportHtml } = await import('../report/report.ts');
      const { checkOutputs, checkPage, readBy } = await import('../checkOutputs.ts');
      const { writeWhole } = await import('../outFile.ts');
      const { out, language } = options as Options & { out: string; language: 'en' | 'th' };
      checkOutputs({ '--out': out }, readBy(options));
      checkPage(out, '--out');
      writeWhole(out, reportHtml(contentOf(store, found, language), language));
      if (options.json) return print({ model: found.model, version: found.version, file: out });
      say(`wrote ${out}`);
    },
  )
    .requiredOption('--out <file>', 'where to write it, as report.html: one file that needs nothing else')
    .addOption(new Option('--language <language>', 'of its words').choices(['en', 'th']).default('en'))
    .addHelpText('after', '\nThe rows that it learned from, as .parquet, .arrow or .csv: foresell features --help');
  sub('promote <version>', 'serve this version from now on', async (store, options, [version]) => {
    const found = findVersion(store, options.model, version!);
    const { open } = await import('../../training/main.ts');
    open(store, found.model, found.version); // only what opens and checks out may serve
    const previous = store.served(found.model) ?? null;
    if (previous !== found.version) {
      store.serve({
        at: Date.now(),
        model: found.model,
        version: found.version,
        previous,
        action: 'promote',
        reason: 'by hand',
      });
    }
    if (options.json) return print({ model: found.model, served: found.version, previous });
    say(
      previous === found.version
        ? `${found.version.slice(0, 12)} serves already`
        : `${found.version.slice(0, 12)} now serves ${found.model}; undo with: foresell models rollback --model ${found.model}`,
    );
  });
  sub('rollback', 'serve again what served before', async (store, options) => {
    const { servedBefore } = await import('../../models/servedBefore.ts');
    const model = options.model ?? 'deal';
    const version = servedBefore(store.promotions(model));
    if (version === undefined) {
      throw new ForesellError('nothing-before', `model "${model}" has no earlier promotion to go back to`);
    }
    const { open } = await import('../../training/main.ts');
    open(store, model, version);
    const previous = store.served(model) ?? null;
    store.serve({
      at: Date.now(),
      model,
      version,
      previous,
      action: 'rollback',
      reason: 'by hand',
    });
    if (options.json) return print({ model, served: version, previous });
    say(`${version.slice(0, 12)} serves again`);
  });
  addMonitoring(sub);
  sub(
    'export [version]',
    'write it as a model that ONNX runtimes or stock TensorFlow.js open',
    async (store, options, [version]) => {
      const found = findVersionOrServed(store, options.model, version);
      const { open } = await import('../../training/main.ts');
      const { exportModel } = await import('../exportModel.ts');
      const { out, format } = options as Options & { out: string; format: 'onnx' | 'tfjs' };
      const { readBy } = await import('../checkOutputs.ts');
      const files = await exportModel(open(store, found.model, found.version), store.company().calendar, format, out, readBy(options)); // biome-ignore format: one call
      if (options.json) return print({ model: found.model, version: found.version, format, files });
      say(`wrote ${files.join(' and ')}`);
    },
  )
    .addOption(
      new Option('--format <format>', 'onnx: one file; tfjs: a folder').choices(['onnx', 'tfjs']).default('tfjs'),
    )
    .requiredOption(
      '--out <path>',
      'the file of onnx, as model.onnx; the folder of tfjs, for model.json and weights.bin',
    )
    .addHelpText(
      'after',
      '\nonnx takes the features as `foresell features` writes them, a column each (numbers as double, words as\n' +
        'text, empty = missing), and as_of in milliseconds since 1970; it gives p (rows, bins, open and causes) and the\n' +
        'probability. tfjs takes rows that were encoded already: how stands in model.json.',
    );
  return command;
}

const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
const say = (text: string) => process.stdout.write(`${text}\n`);
const brief = ({ model, version, createdAt, lowSkill }: Version) => ({
  model,
  version,
  createdAt: formatInstant(createdAt),
  lowSkill,
});
