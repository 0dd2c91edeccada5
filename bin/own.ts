import { existsSync, readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { ForesellError } from '../src/errors.ts';
import { nothingOwn, type Own } from '../src/own.ts';

/**
 * What `foresell.yaml` says: files with the company's own features and labels, relative to it, and how to train. Whoever
 * writes it decides what code runs; it is therefore never taken from an import.
 */
const schema = z.strictObject({
  features: z.array(z.string()).optional(),
  labels: z.array(z.string()).optional(),
  train: z.unknown().optional(),
  retrain: z.unknown().optional(),
  rollback: z.unknown().optional(),
  alarms: z.unknown().optional(),
});

/** Where the company's own files are named. */
export interface OwnPlace {
  readonly db: string;
  /** Absent = `foresell.yaml` beside the database, where there is one. */
  readonly config?: string | undefined;
}

/**
 * What the company added in code: named by `foresell.yaml` beside its database, or by the one that `config` names.
 * Nothing where there is none. A program may add `further` ones. Files end in .js or .mjs; .ts and .mts where Node reads TypeScript (22.18 and later, or tsx).
 * @throws ForesellError `config-missing`, `config-invalid`, `own-missing`, `own-typescript`, `own-failed`, `own-empty`, and those of `ownOf`
 */
export async function readOwn(
  { db, config }: OwnPlace,
  further: { readonly features: readonly unknown[]; readonly labels: readonly unknown[] } = {
    features: [],
    labels: [],
  },
): Promise<Own> {
  const named = await namedBy({ db, config });
  const features = [...named.features, ...further.features];
  const labels = [...named.labels, ...further.labels];
  if (features.length + labels.length === 0) return nothingOwn;
  const { ownOf } = await import('../features/own.ts');
  return ownOf({ features, labels });
}

async function namedBy({ db, config }: OwnPlace) {
  const read = fileOf({ db, config });
  if (!read) return { features: [], labels: [] };
  const { path, settings } = read;
  // One that only says how to train leaves the company's own things where they are.
  const saysNothing = settings.features === undefined && settings.labels === undefined && settings.train !== undefined;
  if (config !== undefined && saysNothing && resolve(settingsBeside(db)) !== path) return namedBy({ db });
  return {
    features: await exportsOf(path, settings.features ?? [], 'feature', 'compute'),
    labels: await exportsOf(path, settings.labels ?? [], 'label', 'ending'),
  };
}

/** The settings that stand beside a database. */
export const settingsBeside = (db: string): string => join(dirname(db), 'foresell.yaml');

function fileOf({
  db,
  config,
}: OwnPlace): { readonly path: string; readonly settings: z.infer<typeof schema> } | undefined {
  const path = resolve(config ?? settingsBeside(db));
  if (existsSync(path)) return { path, settings: settingsIn(path) };
  if (config === undefined) return undefined;
  throw new ForesellError('config-missing', `there is no file ${config}`, { path: '--config' });
}

/** All that the file says, and where it stands or would; nothing where there is none. */
export function readConfig(place: OwnPlace): { readonly path: string; readonly given: z.infer<typeof schema> } {
  const read = fileOf(place);
  return { path: read?.path ?? resolve(settingsBeside(place.db)), given: read?.settings ?? {} };
}

/** The part `train` of the same file, as it stands there; undefined where there is none. */
export function trainPartOf(place: OwnPlace): { readonly path: string; readonly given: unknown } | undefined {
  const read = fileOf(place);
  return read?.settings.train === undefined ? undefined : { path: read.path, given: read.settings.train };
}

/** The parts `retrain`, `rollback` and `alarms` of the same file, as they stand there. */
export function watchPartOf(place: OwnPlace): { readonly path: string; readonly given: unknown } {
  const read = fileOf(place);
  const { retrain, rollback, alarms } = read?.settings ?? {};
  return { path: read?.path ?? settingsBeside(place.db), given: { retrain, rollback, alarms } };
}

function settingsIn(path: string): z.infer<typeof schema> {
  let given: unknown;
  try {
    given = parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ForesellError('config-invalid', `${path} is not YAML: ${said(cause)}`, { cause });
  }
  const result = schema.safeParse(given ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new ForesellError(
    'config-invalid',
    `${path}: ${issue.path.join('.') || 'settings'}: ${issue.message}; it takes features and labels, each a list of files, train, how to train, retrain and rollback, when, and alarms (what is to be known of the company stands in company.json or a map)`,
  );
}

/** What files export, alone or in lists, that has the `mark` of its kind; other exports are helpers. By file, then by name. */
async function exportsOf(config: string, files: readonly string[], kind: string, mark: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const file of files) {
    const exported = Object.values(await load(resolve(dirname(config), file), config)).flat();
    const found = new Set(exported.filter((value) => typeof value === 'object' && value !== null && mark in value));
    if (found.size === 0) {
      throw new ForesellError(
        'own-empty',
        `${file} exports no ${kind}; expected: export const x = define${kind === 'label' ? 'Label' : 'Feature'}({ …, ${mark} })`,
      );
    }
    all.push(...found);
  }
  return all;
}

const ENDINGS = ['.js', '.mjs', '.ts', '.mts'];

async function load(path: string, config: string): Promise<Readonly<Record<string, unknown>>> {
  if (!ENDINGS.includes(extname(path))) {
    throw new ForesellError('own-missing', `${config} names ${path}; expected a file ending in ${ENDINGS.join(', ')}`);
  }
  if (!existsSync(path)) throw new ForesellError('own-missing', `${config} names ${path}, which is not there`);
  resolveSelf();
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException | null)?.code === 'ERR_UNKNOWN_FILE_EXTENSION' && path.endsWith('ts')) {
      throw new ForesellError(
        'own-typescript',
        `Node ${process.versions.node} does not read TypeScript, as ${path} is; use Node 22.18 or later, set NODE_OPTIONS="--import tsx" with tsx installed, or write it as .mjs`,
        { cause },
      );
    }
    if (cause instanceof ForesellError) throw cause;
    throw new ForesellError('own-failed', `${path} does not load: ${said(cause)}`, { cause });
  }
}

let selfResolved = false;

/** In the company's files `foresell` is the program that runs, wherever they stand and however it was installed. */
function resolveSelf(): void {
  if (selfResolved) return;
  selfResolved = true;
  const url = new URL(`./library${extname(import.meta.url)}`, import.meta.url).href;
  const { registerHooks } = nodeModule as { registerHooks?: (hooks: { resolve: Resolve }) => void };
  if (registerHooks) {
    registerHooks({ resolve: (name, context, next) => next(name === 'foresell' ? url : name, context) });
    return;
  }
  // Node 20 knows only hooks that are a module of their own.
  const hooks = `export const resolve = (name, context, next) => next(name === 'foresell' ? ${JSON.stringify(url)} : name, context);`;
  nodeModule.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
type Resolve = (name: string, context: unknown, next: (name: string, context: unknown) => unknown) => unknown;

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
