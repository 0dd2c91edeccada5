import { existsSync, statSync } from 'node:fs';
import type { CompanySettings } from '../company.ts';
import { ForesellError } from '../errors.ts';
import { shipped } from '../shipped.ts';
import { unpacked } from './archive.ts';
import type { Bundle, SourceTable } from './bundle.ts';
import { csvFolder } from './folder.ts';
import { type MappedOptions, mappedFolder } from './mapped.ts';

export interface OpenBundle {
  readonly source: string;
  readonly map?: string | undefined;
  /** What is declared of the files' form. */
  readonly encoding?: string | undefined;
  readonly delimiter?: string | undefined;
  /** Settings of the database, for maps that have none of their own. */
  readonly settings?: CompanySettings | undefined;
}

type Connector = (path: string, options: MappedOptions) => Promise<Bundle>;

/** What each `--source` reads. To add a system, add its connector here: a map is enough for one that exports CSV. */
const connectors: Readonly<Record<string, Connector>> = {
  csv: csvFolder,
  salesforce: async (path, options) => (await mappedFolder(path, shippedMap('salesforce'), options)).bundle,
  hubspot: async (path, options) => (await mappedFolder(path, shippedMap('hubspot'), options)).bundle,
};

/** Names of the sources that can be read. */
export const sources: readonly string[] = Object.keys(connectors);

export interface OpenedBundle {
  readonly bundle: Bundle;
  /** The source name that it gives itself. */
  readonly name: string;
  /** Removes what an archive was unpacked to; call it when the bundle has been read. */
  close(): void;
}

/** The bundle at a path (a folder or an archive), read by its connector or by a map. */
export async function openBundle(path: string, options: OpenBundle): Promise<OpenedBundle> {
  const connector = Object.hasOwn(connectors, options.source) ? connectors[options.source] : undefined;
  if (!connector) {
    throw new ForesellError('source-unknown', `--source "${options.source}" is not one of ${sources.join(', ')}; other systems export CSV, which a map (--map) reads`); // biome-ignore format: one sentence
  }
  const { folder, close } = await unpacked(path);
  try {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw notRead(path);
    const { bundle, name } =
      options.map === undefined
        ? { bundle: await connector(folder, options), name: options.source }
        : await mappedFolder(folder, options.map, options);
    return { bundle: folder === path ? bundle : named(bundle, folder, path), name, close };
  } catch (error) {
    close();
    throw folder === path ? error : saidOf(error, folder, path);
  }
}

/** A path at which there is nothing to import. */
export const notRead = (path: string): ForesellError =>
  new ForesellError(
    'folder-missing',
    existsSync(path)
      ? `${path} is neither a folder nor an archive (.zip, .tar.gz, .tgz, .csv.gz, .csv); give the folder that holds deals.csv`
      : `there is no ${path}; give the folder that holds deals.csv, or an archive of it`,
  );

/** What is wrong with the folder that an archive was unpacked to, which nobody knows, said of the archive. */
function saidOf(error: unknown, folder: string, path: string): unknown {
  if (!(error instanceof ForesellError)) return error;
  const { code, message, blame, status, path: field } = error;
  const of = { blame, status, cause: error, ...(field === undefined ? {} : { path: field }) };
  return new ForesellError(code, message.replaceAll(folder, path), of);
}

/** The folder that an archive was unpacked to is another each time; the archive is what tells one import from another. */
function named(bundle: Bundle, folder: string, path: string): Bundle {
  const tables = bundle.tables.map(
    (table): SourceTable => ({
      ...table,
      ...(table.identity === undefined ? {} : { identity: table.identity.replaceAll(folder, path) }),
      rows: async function* (onBytes) {
        try {
          yield* table.rows(onBytes);
        } catch (error) {
          throw saidOf(error, folder, path);
        }
      },
    }),
  );
  return { ...bundle, tables };
}

/** The system whose tables a folder holds, where a shipped map reads them; undefined for any other. */
export async function vendorOf(folder: string): Promise<string | undefined> {
  for (const name of ['salesforce', 'hubspot']) {
    try {
      await mappedFolder(folder, shippedMap(name));
      return name;
    } catch (error) {
      if (!(error instanceof ForesellError) || error.blame !== 'request') throw error;
    }
  }
  return undefined;
}

/** A map that comes with the project. */
const shippedMap = (name: string): string => shipped(`datasets/maps/${name}.yaml`);
