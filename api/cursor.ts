import { z } from 'zod';
import { ForesellError } from '../src/errors.ts';
import type { ListPosition } from './engine.ts';

/** What a walk through a list was asked for; a cursor holds only for the same. */
export interface Walk {
  readonly model: string;
  readonly sort: string;
  readonly filter: string;
}

/** The last instant that a date can tell. */
const LAST = 8.64e15;
const content = z.strictObject({
  version: z.string().max(200),
  asOf: z.int().min(0).max(LAST),
  value: z.union([z.number(), z.string().max(300), z.null()]),
  id: z.string().max(300),
  walk: z.string().max(800),
});
const name = (walk: Walk): string => JSON.stringify([walk.model, walk.sort, walk.filter]);

/** A cursor as opaque text. It holds no secret and grants nothing; a forged one is only another place to go on from. */
export function encodeCursor(position: ListPosition, walk: Walk): string {
  return Buffer.from(JSON.stringify({ ...position, walk: name(walk) })).toString('base64url');
}

export function decodeCursor(text: string, walk: Walk): ListPosition {
  const wrong = (cause?: unknown) =>
    new ForesellError('cursor-invalid', 'this cursor is not one of this list; begin again without it', {
      path: 'cursor',
      cause,
    });
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (cause) {
    throw wrong(cause);
  }
  const read = content.safeParse(json);
  if (!read.success || read.data.walk !== name(walk)) throw wrong();
  const { version, asOf, value, id } = read.data;
  if ((typeof value === 'string') !== walk.sort.endsWith('id')) throw wrong();
  return { version, asOf, value, id };
}
