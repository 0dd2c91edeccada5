import type { Past } from './world.ts';

/** What people call open deals, the surest first. Others of a company's own stand between `pipeline` and `omitted`. */
const usual = ['commit', 'best case', 'pipeline'] as const;
const OMITTED = 'omitted';

/** Spellings of programs (`Best Case`, `BEST_CASE`, `OMIT`) by their letters alone. */
const spelt = new Map([...usual, OMITTED, 'closed'].map((name) => [lettersOf(name), name])).set('omit', OMITTED);

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z]/g, '');
}

/**
 * The category that was recorded of a deal, else that which its stage has at the look (`category` of stages.csv); undefined where there is neither. `commit`,
 * `best case`, `pipeline`, `closed` and `omitted` are known in any spelling; those of a company's own are as it wrote them.
 */
export function categoryOf(past: Past): string | undefined {
  const said = recordedOf(past);
  return said === undefined ? undefined : (spelt.get(lettersOf(said)) ?? said);
}

function recordedOf(past: Past): string | undefined {
  const own = past.value('forecast_category');
  if (own !== undefined) return String(own);
  const stage = past.value('stage');
  const { pipeline = null } = past.last('deal') ?? {};
  return stage === undefined
    ? undefined
    : (past.company.stage(String(stage), pipeline, past.asOf)?.category ?? undefined);
}

const rankOf = (category: string | null): number => {
  if (category === null) return usual.length + 2;
  const rank = (usual as readonly string[]).indexOf(category);
  return rank >= 0 ? rank : usual.length + Number(category === OMITTED);
};

/** The surest first, then those of a company's own by name, what is omitted, and deals without one (null). */
export const byCategoryRank = (a: string | null, b: string | null): number =>
  rankOf(a) - rankOf(b) || ((a ?? '') < (b ?? '') ? -1 : 1);
