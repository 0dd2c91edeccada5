import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wisesight } from '../../training/text/labelled.ts';
import { trainThai } from '../../training/text/thaiReader.ts';

const folder = join(process.env['FORESELL_DATA'] ?? '', 'wisesight_sentiment_th');
const absent = !process.env['FORESELL_DATA'] || !existsSync(folder);
const weights = new URL('../../src/text/weights/', import.meta.url);
// Where Thai words end is for the ICU of the runtime to say: another one makes other weights.
const icu = /ICU (\d+)/.exec(readFileSync(new URL('README.md', weights), 'utf8'))?.[1];
const otherIcu = process.versions['icu']?.split('.')[0] !== icu;

test.skipIf(absent || otherIcu)(
  `training again gives the Thai weights that ship, bit by bit (needs FORESELL_DATA and ICU ${icu})`,
  { timeout: 300_000 },
  () => {
    const rows = ['train', 'valid'].flatMap((part) => wisesight(readFileSync(join(folder, `${part}.jsonl.gz`))));
    const { packed } = trainThai(rows);
    expect(Buffer.from(packed).equals(readFileSync(new URL('th.bin', weights)))).toBe(true);
  },
);
