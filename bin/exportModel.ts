import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../models/artifact.ts';
import type { Calendar } from '../src/time.ts';
import { checkOutputs, type Named } from './checkOutputs.ts';
import { writeWhole } from './outFile.ts';
import { unwritable } from './outPlace.ts';

/**
 * Writes a model in a form that others open, and answers the files.
 * @param reads what the command reads, by option: none of it may be written on
 */
export async function exportModel(
  artifact: Artifact,
  calendar: Calendar,
  format: 'onnx' | 'tfjs',
  out: string,
  reads: Named,
): Promise<string[]> {
  if (format === 'onnx') {
    checkOutputs({ '--out': out }, reads);
    const { exportOnnx } = await import('../models/exportOnnx.ts');
    writeWhole(out, exportOnnx(artifact, calendar));
    return [out];
  }
  const { exportLayersModel } = await import('../models/exportTfjs.ts');
  const { modelJson, weights } = await exportLayersModel(artifact);
  try {
    mkdirSync(out, { recursive: true });
  } catch (cause) {
    throw unwritable('--out', out, `no folder can be made there (${(cause as Error).message}); name another`, cause);
  }
  const files = [join(out, 'model.json'), join(out, 'weights.bin')];
  writeFileSync(files[0]!, JSON.stringify(modelJson));
  writeFileSync(files[1]!, weights);
  return files;
}
