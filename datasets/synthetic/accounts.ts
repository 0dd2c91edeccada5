import type { Random } from '../../src/random.ts';
import { DAY, type Instant } from '../../src/time.ts';
import { type Clock, workingTime } from './clock.ts';
import { ACCOUNTS } from './constants.ts';
import { pad, pick, weighted } from './draws.ts';
import { COMPANY_HEADS, COMPANY_TAILS, FIRST_NAMES, FOREIGN_FIRST, FOREIGN_LAST, LAST_NAMES, TITLES } from './names.ts';
import type { Rep } from './people.ts';
import { Journal, plain, type Tables } from './rows.ts';

/** A customer, with what nobody wrote down about it. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly currency: 'THB' | 'USD' | 'EUR';
  readonly language: 'th' | 'en';
  readonly country: string;
  /** How well it suits what is sold, log-odds scale. */
  readonly fit: number;
  /** Log of employees, centred. */
  readonly size: number;
  readonly createdAt: Instant;
  readonly contacts: readonly Contact[];
  /** Usual seller, an index. */
  readonly rep: number;
}

export interface Contact {
  readonly id: string;
  readonly name: string;
  /** Index of the title. */
  readonly title: number;
  /** Whether it agreed to be written to. */
  readonly agreed: boolean;
}

const FOREIGN = [
  ['Singapore', 'USD'],
  ['Vietnam', 'USD'],
  ['United States', 'USD'],
  ['Germany', 'EUR'],
  ['France', 'EUR'],
] as const;

/** Accounts with their contacts; `firstWeek` says by when each must exist. */
export function accounts(
  firstWeeks: readonly number[],
  reps: readonly Rep[],
  clock: Clock,
  draw: Random,
  tables: Tables,
): Account[] {
  let contactNumber = 0;
  return firstWeeks.map((firstWeek, i) => {
    const id = `A${pad(i + 1, 4)}`;
    const [industry, industryFit] =
      ACCOUNTS.industries[
        weighted(
          ACCOUNTS.industries.map((x) => x[2]),
          draw,
        )
      ]!;
    const foreign = draw.uniform() < ACCOUNTS.foreignShare ? pick(FOREIGN, draw) : undefined;
    const region = foreign
      ? 'Abroad'
      : ACCOUNTS.regions[
          weighted(
            ACCOUNTS.regions.map((x) => x[1]),
            draw,
          )
        ]![0];
    const size = draw.normal();
    const employees = Math.max(3, Math.round(Math.exp(4.2 + 1.2 * size)));
    const currency = foreign?.[1] ?? 'THB';
    const perHead = (currency === 'THB' ? 1_800_000 : 52_000) * Math.exp(0.5 * draw.normal());
    const week = firstWeek - (draw.uniform() < 0.5 ? 0 : 1 + draw.below(60));
    // On the Monday morning of its first deal's week at the latest, so that no deal precedes its account.
    const createdAt = week === firstWeek ? clock.at(week) + DAY / 3 : workingTime(clock, week, draw);
    const rep = draw.below(reps.length);
    const head = COMPANY_HEADS[i % COMPANY_HEADS.length];
    const tail = COMPANY_TAILS[Math.floor(i / COMPANY_HEADS.length) % COMPANY_TAILS.length];
    const round = Math.floor(i / (COMPANY_HEADS.length * COMPANY_TAILS.length));
    const name = `${head} ${tail}${round ? ` ${round + 1}` : ''}`;
    tables.account.push({
      id,
      name,
      industry,
      region,
      country: foreign?.[0] ?? 'Thailand',
      employees,
      annualRevenueMinor: Math.round(employees * perHead) * 100,
      currency,
      parentId: null,
      ownerId: reps[rep]!.id,
      createdAt,
      ...plain,
    });
    new Journal(tables.change, 'account', id).set(createdAt, 'owner_id', reps[rep]!.id, null);

    const contacts: Contact[] = [];
    const people = ACCOUNTS.contacts.min + draw.below(ACCOUNTS.contacts.max - ACCOUNTS.contacts.min + 1);
    for (let c = 0; c < people; c++) {
      const title = c === 0 ? draw.below(3) : draw.below(TITLES.length);
      const contact = { id: `C${pad(++contactNumber, 5)}`, name: personName(foreign !== undefined, draw), title };
      const agreed = draw.uniform() < 0.9;
      contacts.push({ ...contact, agreed });
      tables.contact.push({
        id: contact.id,
        accountId: id,
        name: contact.name,
        title: TITLES[title]![0],
        department: TITLES[title]![1],
        email: `${contact.id.toLowerCase()}@${id.toLowerCase()}.example`,
        phone: `+66 2 555 ${pad(contactNumber % 10_000, 4)}`,
        createdAt,
        consent: agreed ? 'given' : 'none',
        ...plain,
      });
    }
    return {
      id,
      name,
      currency,
      country: foreign?.[0] ?? 'Thailand',
      language: !foreign && draw.uniform() < ACCOUNTS.thaiTextShare ? 'th' : 'en',
      fit: industryFit + ACCOUNTS.fitPerSize * size + ACCOUNTS.fitSd * draw.normal(),
      size,
      createdAt,
      contacts,
      rep,
    };
  });
}

export function personName(foreign: boolean, draw: Random): string {
  if (foreign) return `${pick(FOREIGN_FIRST, draw)} ${pick(FOREIGN_LAST, draw)}`;
  const script = draw.uniform() < 0.5 ? 1 : 0;
  return `${pick(FIRST_NAMES, draw)[script]} ${pick(LAST_NAMES, draw)[script]}`;
}
