import type { Split } from '../../models/forecast/bridge.ts';
import { rollUp } from '../../models/forecast/rollup.ts';
import { ForesellError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { DAY, type Instant, type Period } from '../../src/time.ts';
import { ingredientsOf, rollUpAsk, usuallyCounted } from '../forecast.ts';
import { type ForecastChanges, forecastChanges, type Look } from '../forecastChanges.ts';
import type { Apart, PipelineOpen } from '../pipeline.ts';
import { chanceLater } from '../pipelineWhatIf.ts';
import { type Finding, findingsOf } from './checks.ts';
import { type Concentration, concentrationOf } from './concentration.ts';
import { type Moved, type MoveKind, movesBetween } from './moves.ts';
import { measuresOf, type Usual, usualOf } from './usual.ts';

export interface InspectionAsk {
  /** The earlier look. */
  readonly since: Instant;
  readonly asOf: Instant;
  readonly period: Period;
  readonly currency?: string;
}

/** A finding with what it would do to what is expected of the period. */
export interface StakedFinding extends Finding {
  /** Change of the expected value by the edit: below 0 it would lose so much. */
  readonly changeMinor: number;
}
export interface InspectedDeal {
  readonly id: string;
  readonly ownerId: string | null;
  readonly stage: string | null;
  readonly amountMinor: number;
  /** Of being won in the period. */
  readonly chance: number;
  /** What it adds to what is expected. */
  readonly expectedMinor: number;
  /** The largest that one of the findings would move, either way. */
  readonly atStakeMinor: number;
  /** Largest first. */
  readonly findings: readonly StakedFinding[];
}

/** A deal that moved, with what it was and is expected to bring. */
export interface PipelineMove extends Omit<Moved, 'kinds'> {
  readonly id: string;
  readonly kinds: readonly MoveKind[];
  readonly beforeMinor: number;
  readonly afterMinor: number;
  readonly causes: Split;
}

export interface Inspection extends InspectionAsk {
  readonly currency: string;
  readonly version: string;
  readonly lowSkill: boolean;
  readonly hindsight: boolean;
  readonly expectedMinor: number;
  readonly openDeals: number;
  readonly openMinor: number;
  /** Those that show something, most money at stake first. */
  readonly deals: readonly InspectedDeal[];
  readonly concentration: Concentration | undefined;
  /** All of them, the largest change first; they and what deals to come add make up the change. */
  readonly moves: readonly PipelineMove[];
  readonly total: ForecastChanges['total'];
  readonly usual: Usual;
  /** Deals without an amount or a rate: they are looked at nowhere. */
  readonly apart: readonly Apart[];
}

/**
 * The pipeline looked through: what moved between two looks, each known as of then, and what open deals show that deals which were won mostly did not; each with its
 * evidence and with what the forecast of the period would lose by it. Nothing is stored, and nothing left out of the lists.
 * @throws ForesellError where `since` does not lie before `asOf`, or of a forecast
 * Cost: two forecasts and their differences, and a pass over all deals.
 */
export function inspect(store: Store, before: Look, after: Look, ask: InspectionAsk): Inspection {
  const { since, asOf, period } = ask;
  if (since >= asOf) throw new ForesellError('field-invalid', 'since: must lie before asOf (default: now)', { path: 'since' }); // biome-ignore format: one line
  const currency = ask.currency === undefined ? {} : { currency: ask.currency };
  const { moment, model, churn } = after;
  const { then } = moment;
  const prediction = moment.said(model).prediction();
  const made = ingredientsOf(store, moment, model, prediction, churn, { period, asOf, by: 'all', ...currency });
  const { contributions, nodes } = rollUp(rollUpAsk(made, 'all', usuallyCounted));
  const usual = usualOf(then);
  const { open } = made.pipeline;

  const changeBy = (deal: PipelineOpen, edit: Finding['edit'], evidence: Finding['evidence']): number => {
    const now = contributions.get(deal.id)!;
    if (edit === 'drop') return -now || 0;
    const chance =
      edit === 'push'
        ? chanceLater(made, prediction, deal.row, period, usual.pushDays)
        : stageChance(deal.probability, evidence);
    return Math.round(chance * deal.amountMinor) - now || 0;
  };
  const deals = open.flatMap((deal): InspectedDeal[] => {
    const past = then.past('deal', deal.id);
    const is = measuresOf(past);
    const said = model.lowSkill ? undefined : prediction.probability[deal.row]!;
    const found = findingsOf(past, is, usual, said);
    if (found.length === 0) return [];
    const findings = found
      .map((finding) => ({ ...finding, changeMinor: changeBy(deal, finding.edit, finding.evidence) }))
      .sort((a, b) => Math.abs(b.changeMinor) - Math.abs(a.changeMinor));
    return [
      {
        id: deal.id,
        ownerId: deal.owner,
        stage: is.stage ?? null,
        amountMinor: deal.amountMinor,
        chance: Math.min(1, deal.probability),
        expectedMinor: contributions.get(deal.id)!,
        atStakeMinor: Math.abs(findings[0]!.changeMinor),
        findings,
      },
    ];
  });
  const changes = forecastChanges(store, before, after, { from: since, to: asOf, period, by: 'all', ...currency });
  return {
    ...{ since, asOf, period },
    currency: ask.currency ?? moment.source.company.settings.base_currency,
    version: model.version,
    lowSkill: model.lowSkill,
    hindsight: asOf + DAY < model.trained.to,
    expectedMinor: nodes[0].expectedMinor,
    openDeals: open.length,
    openMinor: open.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    deals: deals.sort((a, b) => b.atStakeMinor - a.atStakeMinor || (a.id < b.id ? -1 : 1)),
    concentration: concentrationOf(new Map(open.map(({ id }) => [id, contributions.get(id)!]))),
    moves: movesOf(movesBetween(before.moment.then, then), changes),
    total: changes.total,
    usual,
    apart: made.pipeline.apart,
  };
}

/** The chance in the period, were it won as often as others from its stage. */
function stageChance(chance: number, { probability, stageRate }: Finding['evidence']): number {
  return Math.min(1, (chance * Number(stageRate)) / Math.max(1e-9, Number(probability)));
}

function movesOf(moved: ReadonlyMap<string, Moved>, { deals }: ForecastChanges): PipelineMove[] {
  const changed = new Map(deals.map((deal) => [deal.id, deal]));
  const still = { beforeMinor: 0, afterMinor: 0, causes: {} };
  return [...new Set([...moved.keys(), ...changed.keys()])]
    .map((id): PipelineMove => {
      const { beforeMinor, afterMinor, causes } = changed.get(id) ?? still;
      const { kinds, fields } = moved.get(id) ?? { kinds: kindsBy(causes), fields: [] };
      return { id, kinds, fields, beforeMinor, afterMinor, causes };
    })
    .sort((a, b) => {
      const change = (move: PipelineMove) => Math.abs(move.afterMinor - move.beforeMinor);
      return change(b) - change(a) || (a.id < b.id ? -1 : 1);
    });
}

/** Of one that nothing happened to: what it was booked with was put right, or its chance moved. */
function kindsBy({ amountUp, amountDown }: Split): MoveKind[] {
  return amountUp ? ['amountUp'] : amountDown ? ['amountDown'] : ['chance'];
}
