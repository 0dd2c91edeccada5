import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ForesellError } from '../../src/errors.ts';
import { wisesight } from './labelled.ts';
import { trainThai } from './thaiReader.ts';

/**
 * `node --import tsx training/text/main.ts`: makes the Thai reader's weights anew from FORESELL_DATA and writes them to
 * src/text/weights. Prints what the provenance beside them must say.
 */
const data = process.env['FORESELL_DATA'];
if (!data)
  throw new ForesellError('data-missing', 'FORESELL_DATA is not set; point it at the folder that holds wisesight_sentiment_th'); // biome-ignore format: one sentence
const parts = ['train', 'valid'].map((part) => readFileSync(join(data, 'wisesight_sentiment_th', `${part}.jsonl.gz`)));
const { packed } = trainThai(parts.flatMap(wisesight));
const folder = new URL('../../src/text/weights/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('th.bin', folder), packed);
const sha256 = createHash('sha256').update(packed).digest('hex');
process.stdout.write(`th.bin: ${packed.length} bytes, sha256 ${sha256}, ICU ${process.versions['icu']}\n`);
