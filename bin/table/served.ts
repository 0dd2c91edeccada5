import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ServedTable } from '../../api/servedTable.ts';
import type { Executor } from '../../models/hazardModel.ts';
import { openTableModel } from '../../models/table/tableModel.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Own } from '../../src/own.ts';
import { modelNames } from '../../src/subjects/index.ts';
import { fromModelFile } from './modelFile.ts';

/**
 * The table models that `--table [NAME=]FILE` names; without a name the file's own, less its ending.
 * @throws ForesellError `table-name-taken`, `table-name-invalid`, `file-unreadable`, those of opening
 */
export async function servedTables(
  given: readonly string[],
  own: Own | undefined,
  executor?: Executor,
): Promise<ServedTable[]> {
  const taken = new Set<string>([...modelNames, ...(own?.subjects ?? []).map(({ model }) => model)]);
  return given.map((text): ServedTable => {
    const cut = text.indexOf('=');
    const file = text.slice(cut + 1);
    const name = cut > 0 ? text.slice(0, cut) : basename(file).replace(/\.[^.]*$/, '');
    if (!/^[\w.-]{1,100}$/.test(name))
      throw new ForesellError('table-name-invalid', `--table ${text}: "${name}" is no name; letters, digits, _ . - only`, { path: '--table' }); // biome-ignore format: one error
    if (taken.has(name))
      throw new ForesellError('table-name-taken', `--table ${text}: there is a model called "${name}"; give another as NAME=${file}`, { path: '--table' }); // biome-ignore format: one error
    taken.add(name);
    const opened = fromModelFile(file, '--table', (bytes) => openTableModel(bytes, executor));
    return { name, opened, createdAt: Math.floor(statSync(file).mtimeMs) };
  });
}
