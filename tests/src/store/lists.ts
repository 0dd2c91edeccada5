import { type History, kindsIn } from '../../../src/world.ts';

/** A history as plain lists, those that it reads when asked too; without those that are empty. */
export function listsOf(history: History): History {
  const lists = kindsIn(history).map((kind) => [kind, history[kind]!] as const);
  return Object.fromEntries(lists.filter(([, facts]) => facts.length > 0));
}
