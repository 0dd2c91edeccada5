import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { Labelled } from './trainLinear.ts';

/** Classes of the Wisesight corpus, in the order of the reader's: what moves nothing first. */
export const WISESIGHT = ['neu', 'neg', 'pos', 'q'] as const;
/** Classes of the food reviews: five stars, or fewer. */
export const FINEFOODS = ['other', 'great'] as const;

/** A part of the Wisesight corpus (gzip of JSON lines with `texts` and `category`). */
export const wisesight = (bytes: Uint8Array): Labelled[] =>
  gunzipSync(bytes)
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { texts, category } = JSON.parse(line) as { texts: string; category: (typeof WISESIGHT)[number] };
      return { text: texts, label: WISESIGHT.indexOf(category) };
    });

/** A part of the food reviews (gzip of CSV with `review` and `score`). */
export const finefoods = (bytes: Uint8Array): Labelled[] =>
  (parse(gunzipSync(bytes), { columns: true }) as { review: string; score: (typeof FINEFOODS)[number] }[]).map(
    ({ review, score }) => ({ text: review, label: FINEFOODS.indexOf(score) }),
  );
