import type { ClosedDeal, OpenDeal } from '../models/forecast/rollup.ts';
import type { Prediction } from '../models/prediction.ts';
import { type Subscription, subscriptionsOf } from '../src/subjects/cover.ts';
import { DAY, type Instant, type Period } from '../src/time.ts';
import type { World } from '../src/world.ts';
import type { Moment } from './moments.ts';
import type { Convert, Groups, People } from './pipeline.ts';
import type { OpenModel } from './ports.ts';

/** What renewals of a period bring: those agreed so far, and those that fall due. */
export interface Renewals {
  readonly agreed: readonly ClosedDeal[];
  readonly due: readonly OpenDeal[];
  /** What falls due, were nobody to leave. */
  readonly dueMinor: number;
}

const MONTH = (365.25 / 12) * DAY;

/**
 * Terms of subscriptions that run out within the period, each worth its term, and renewed unless the customer leaves by then as the model of
 * customers has it; and those whose end was moved out within it. An open end falls due never. Undefined where nobody has a subscription.
 */
export function renewalsOf(
  { then, open: openIds }: Moment,
  people: People,
  model: OpenModel,
  prediction: () => Prediction,
  period: Period,
  convert: Convert,
): Renewals | undefined {
  const { asOf } = then;
  const agreed: ClosedDeal[] = [];
  const due: OpenDeal[] = [];
  const rows = new Map(openIds(model.subject).map((id, row) => [id, row]));
  let any = false;
  let dueMinor = 0;
  for (const id of then.ids('account')) {
    const past = then.past('account', id);
    const currency = past.last('subscriptionTerm')?.currency;
    if (currency === undefined) continue;
    any = true;
    const groups = groupsOfAccount(then, id, people);
    for (const subscription of subscriptionsOf(past)) {
      const worth = (monthly: number | null, months: number, at: Instant) =>
        monthly === null ? undefined : convert(Math.round(monthly * months), currency ?? then.company.settings.base_currency, at); // biome-ignore format: a choice
      for (const { at, monthly, months } of extensions(subscription)) {
        const minor = worth(monthly, months, at);
        if (at >= period.from && at < period.to && minor !== undefined)
          agreed.push({ id: `renewal:${subscription.id}:${at}`, ...groups, amountMinor: minor, renewal: true });
      }
      const term = termOf(subscription);
      const row = rows.get(id);
      if (!term || row === undefined || term.end < Math.max(asOf, period.from) || term.end >= period.to) continue;
      const minor = worth(term.monthly, term.months, asOf);
      if (minor === undefined) continue;
      const leaves = prediction().positiveBy(row, (term.end - asOf) / DAY + 1);
      due.push({ id: `renewal:${subscription.id}`, ...groups, amountMinor: minor, probability: 1 - Math.min(1, leaves), renewal: true }); // biome-ignore format: a row
      dueMinor += minor;
    }
  }
  return any ? { agreed, due, dueMinor } : undefined;
}

/** The term in force, if its end is in sight. */
function termOf({ start, end, versions }: Subscription) {
  const last = versions.at(-1);
  if (!last || !Number.isFinite(end) || last.endsAt === null) return undefined;
  const before = versions.length > 1 ? (versions.at(-2)!.endsAt ?? last.at) : start;
  const months = Math.max(1, Math.round((last.endsAt - Math.min(before, last.endsAt)) / MONTH));
  return { end, monthly: last.monthly, months };
}

/** Each time that its end was moved out: the time gained is what was renewed. */
function extensions({ versions }: Subscription) {
  return versions.flatMap((version, i) => {
    const before = versions[i - 1]?.endsAt ?? null;
    if (i === 0 || before === null || version.endsAt === null || version.endsAt <= before) return [];
    const months = Math.max(1, Math.round((version.endsAt - before) / MONTH));
    return [{ at: version.at, monthly: version.monthly, months }];
  });
}

function groupsOfAccount(then: World, id: string, people: People): Groups {
  const past = then.past('account', id);
  const owner = past.value('owner_id');
  const whose = typeof owner === 'string' ? owner : null;
  const told = past.last('account');
  return {
    owner: whose,
    team: whose === null ? null : people.teamOf(then, whose, then.asOf),
    region: told?.region ?? null,
    segment: told?.industry ?? null,
    product: null,
    business: 'existing',
  };
}
