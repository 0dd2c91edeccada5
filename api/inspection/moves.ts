import { formatMinor } from '../../src/money.ts';
import { dealState } from '../../src/subjects/deal.ts';
import type { Past, World } from '../../src/world.ts';
import { amountOf } from '../grade.ts';

/**
 * What can have happened to a deal between two looks. `filledIn`: something is known of it for the first time, be it
 * typed in or read by the first import, which says nothing of what was before. `chance`: nothing of these, its chance alone.
 */
export const moveKinds = [
  'created',
  'won',
  'lost',
  'reopened',
  'gone',
  'stageForward',
  'stageBack',
  'pushedOut',
  'pulledIn',
  'amountUp',
  'amountDown',
  'owner',
  'category',
  'filledIn',
  'chance',
] as const;
export type MoveKind = (typeof moveKinds)[number];

/** A field as it was known at both looks: dates as days, amounts in major units with their currency. */
export interface FieldMove {
  readonly field: 'stage' | 'expected_close_date' | 'amount' | 'owner_id' | 'forecast_category';
  readonly from: string | null;
  readonly to: string | null;
}

export interface Moved {
  readonly kinds: readonly MoveKind[];
  readonly fields: readonly FieldMove[];
}

/** What moved of every deal that was known at either look; those of which nothing did are left out. Cost: a pass over all. */
export function movesBetween(before: World, after: World): Map<string, Moved> {
  const moves = new Map<string, Moved>();
  for (const id of new Set([...before.ids('deal'), ...after.ids('deal')])) {
    const moved = movedOf(before.past('deal', id), after.past('deal', id));
    if (moved.kinds.length > 0) moves.set(id, moved);
  }
  return moves;
}

function movedOf(was: Past, is: Past): Moved {
  const [before, now] = [dealState(was), dealState(is)];
  if (before === now && before !== 'open') return { kinds: [], fields: [] };
  const kinds: MoveKind[] = [];
  if (before === 'absent') kinds.push('created');
  if (now !== before && now === 'absent') kinds.push('gone');
  if (now !== before && (now === 'won' || now === 'lost')) kinds.push(now);
  if (now === 'open' && before !== 'open' && before !== 'absent') kinds.push('reopened');
  if (before === 'absent' || now === 'absent') return { kinds, fields: [] };
  const fields: FieldMove[] = [];
  const { calendar } = is.company;
  const text = (value: string | number | undefined) => (value === undefined ? null : String(value));
  const move = (field: FieldMove['field'], from: string | null, to: string | null, kind: MoveKind | undefined) => {
    if (from === to) return;
    fields.push({ field, from, to });
    const what = from === null ? 'filledIn' : kind;
    if (what !== undefined && !kinds.includes(what)) kinds.push(what);
  };
  const [stageWas, stageIs] = [was.value('stage'), is.value('stage')];
  move('stage', text(stageWas), text(stageIs), now === 'open' ? stageKind(is, stageWas, stageIs) : undefined);
  const date = (past: Past) => past.value('expected_close_date');
  const [dateWas, dateIs] = [date(was), date(is)];
  const day = (at: string | number | undefined) => (typeof at === 'number' ? calendar.date(at) : null);
  const later = typeof dateWas === 'number' && typeof dateIs === 'number' ? dateIs > dateWas : undefined;
  move('expected_close_date', day(dateWas), day(dateIs), later === undefined ? undefined : later ? 'pushedOut' : 'pulledIn'); // biome-ignore format: one call
  const [worthWas, worthIs] = [amountOf(was), amountOf(is)];
  const worth = (amount: ReturnType<typeof amountOf>) => (amount ? `${formatMinor(amount.minor, amount.currency)} ${amount.currency}` : null); // biome-ignore format: one choice
  move('amount', worth(worthWas), worth(worthIs), (worthIs?.minor ?? 0) > (worthWas?.minor ?? 0) ? 'amountUp' : 'amountDown'); // biome-ignore format: one call
  move('owner_id', text(was.value('owner_id')), text(is.value('owner_id')), 'owner');
  move('forecast_category', text(was.value('forecast_category')), text(is.value('forecast_category')), now === 'open' ? 'category' : undefined); // biome-ignore format: one call
  return { kinds, fields };
}

/** Which way, where the company gave the stages an order. */
function stageKind(past: Past, from: string | number | undefined, to: string | number | undefined): MoveKind {
  const { pipeline = null } = past.last('deal') ?? {};
  const rank = (stage: string | number | undefined) =>
    stage === undefined ? undefined : past.company.stage(String(stage), pipeline, past.asOf)?.rank;
  const [before, now] = [rank(from), rank(to)];
  return before !== undefined && now !== undefined && now < before ? 'stageBack' : 'stageForward';
}
