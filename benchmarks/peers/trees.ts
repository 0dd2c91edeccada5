import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from '../../src/frame.ts';
import type { Setting } from '../setting.ts';
import { type Peer, pythonPeer } from './peer.ts';

/** A row of the frame as trees read it: words by their number. */
export const rowFor = (frame: Frame, i: number): number[] =>
  [...frame.columns.values()].map((column) => (column.type === 'number' ? column.values[i]! : column.codes[i]!));

/** Trees of a peer fitted on the setting's rows, to whether each was won; undefined where no Python has what they need. */
export async function fittedTrees({ frame, won }: Setting, peer: 'xgboost' | 'sklearn'): Promise<Peer | undefined> {
  const python = await pythonPeer('speed.py', `numpy, ${peer}`);
  if (!python) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'foresell-bench-'));
  const [path, labels] = [join(folder, 'x.f32'), join(folder, 'y.u8')];
  const columns = frame.columns.size;
  const x = new Float32Array(frame.ids.length * columns);
  for (let i = 0; i < frame.ids.length; i++) x.set(rowFor(frame, i), i * columns);
  writeFileSync(path, x);
  writeFileSync(labels, won);
  await python.ask({ do: 'fit', peer, path, labels, rows: frame.ids.length, columns });
  rmSync(folder, { recursive: true });
  return python;
}
