import { ForesellError } from '../errors.ts';
import type { Bundle } from './bundle.ts';
import { csvFolder } from './folder.ts';
import { mappedFolder } from './mapped.ts';

/** What each `--source` reads. To add a system, add its connector here. */
const connectors: Readonly<Record<string, (path: string) => Promise<Bundle>>> = { csv: csvFolder };

/** The bundle at a path, read by its connector or by a map, and the source name that it gives itself. */
export async function openBundle(
  path: string,
  options: { readonly source: string; readonly map?: string | undefined },
): Promise<{ readonly bundle: Bundle; readonly name: string }> {
  const connector = Object.hasOwn(connectors, options.source) ? connectors[options.source] : undefined;
  if (!connector) {
    throw new ForesellError('source-unknown', `--source "${options.source}" is not one of ${Object.keys(connectors).join(', ')}; other systems export CSV, which a map (--map) reads`); // biome-ignore format: one sentence
  }
  if (options.map !== undefined) return mappedFolder(path, options.map);
  return { bundle: await connector(path), name: options.source };
}
