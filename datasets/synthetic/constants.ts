/**
 * Every constant of the sample company's mechanism, in one place.
 *
 * They were fixed before the engine's models were fitted and are not tuned to them. Plausibility was judged on seeds 1
 * to 99 only: win rate, cycle length, share left open, the oracle's AUC, and that a plain logistic regression on stage
 * and counts of messages finds part of the signal. Seeds 1000 to 1007 are for acceptance, never for tuning.
 */

/** What each scenario is, as the command line says it. */
export const SCENARIOS = {
  calm: 'a steady economy',
  drift: 'the economy swings: what was learnt of rates goes stale',
  null: 'all hazards are constants: nothing predicts, only time passes',
  tiny: 'calm, with 30 deals',
  leaky: 'calm, with columns filled after the outcome; truth/leaks.csv names each',
  dirty: 'calm, with 2 % bad rows of every kind; truth/dirty.csv names each',
  retail: 'persons and households that order without contract; no deals, N is the number of customers',
} as const;
export type Scenario = keyof typeof SCENARIOS;
export const scenarios = Object.keys(SCENARIOS) as readonly Scenario[];

/** Local Monday on which the records end: the middle of a fiscal quarter. */
export const END = '2026-11-16';
/** Length of the history. */
export const WEEKS = 156;
/** How far the truth looks ahead; what is open then is divided by the last week's hazards. */
export const HORIZON_WEEKS = 78;

export const COMPANY = {
  name: 'Siam Sample Supply',
  time_zone: 'Asia/Bangkok',
  base_currency: 'THB',
  fiscal_year_start: 1,
  week_start: 1,
  languages: ['th', 'en'],
  sample: true,
  // Each term of a subscription is a row of its own, so its end and amount never change.
  fixed: ['deal.source', 'account.employees', 'account.annual_revenue', 'subscription.ends_at', 'subscription.amount'],
} as const;

export const PIPELINE = 'Sales';
/** Open stages in order; the mechanism knows them by index. */
export const OPEN_STAGES = ['Qualification', 'Discovery', 'Proposal', 'Negotiation', 'Contract'] as const;
export const WON_STAGE = 'Closed Won';
export const LOST_STAGE = 'Closed Lost';

/** Economy: g(w) = rho g(w-1) + sd sqrt(1 - rho^2) z; sd is that of the stationary law, in log-odds of winning. */
export const ECONOMY = { rho: 0.97, sd: { calm: 0.08, drift: 0.6, null: 0.08, tiny: 0.08, leaky: 0.08, dirty: 0.08, retail: 0.08 } } as const; // biome-ignore format: one law

/** Engagement: e(w) = mean + phi (e(w-1) - mean) + sd z, the deal's mean ~ N(0, meanSd). */
export const ENGAGEMENT = { phi: 0.88, sd: 0.34, meanSd: 0.85 } as const;

/** Weekly hazards: multinomial logit of won and lost against staying open. Terms are in log-odds. */
export const HAZARD = {
  won: { stage: [-9.75, -8.15, -6.15, -4.5, -3.1], engagement: 1, economy: 1, perWeekInStage: -0.05, near: 0.8 },
  lost: { stage: [-3.4, -3.4, -3.45, -3.65, -4.15], engagement: -1, economy: -0.4, perWeekInStage: 0.02, near: 0.35 },
  /** Weeks in stage count up to this many. */
  inStageCap: 12,
  /** Width in weeks of the pull of the rep's expected close date: exp(-|expected - middle of week| / width). */
  nearWeeks: 1.5,
  /** Log-odds of winning for ten points of discount: the causal price response. */
  discountPer10: 0.35,
  /** The discount at which the price term is zero. */
  discountReference: 0.1,
  /** Last two weeks of a fiscal quarter, by the share of the week inside them. */
  quarterEnd: { won: 0.75, lost: 0.25 },
  /** Yearly wave (peak in November) and weeks in which little is decided: New Year and Songkran. */
  season: { amplitude: 0.12, peakMonth: 11, holiday: -0.8 },
  skill: { won: 1, lost: -0.5 },
  fit: { won: 0.8, lost: -0.5 },
  weakness: { won: -0.35, lost: 0.25 },
  /** Frailty of both hazards: some deals simply linger, large ones more. */
  linger: { sd: 0.5, perScale: 0.2 },
  /** In the scenario `null` both hazards are these, whatever else. */
  null: { won: 0.024, lost: 0.041 },
} as const;

/** Weekly stage moves of deals that stay open: p = logistic(base + engagement e + skill s). */
export const MOVES = {
  advance: { base: [-1, -1.2, -1.35, -1.4], engagement: 0.65, skill: 0.3 },
  /** Share of the advances that skip a stage. */
  skip: 0.06,
  regress: { base: -3.9, engagement: -0.4 },
} as const;

/** The rep's expected close date, in weeks. Biased: reps expect to be done sooner than they are. */
export const EXPECTED = {
  first: { median: 7, sdLog: 0.4 },
  /** Chance a week that a passed date is moved on, and by how much: base + Exp(mean). */
  slip: 0.7,
  slipBase: 1.2,
  slipMean: 3.2,
  /** Chance a week that a date still ahead is moved, N(mean, sd). */
  revise: 0.06,
  reviseMean: 0.6,
  reviseSd: 2,
  /** On reaching the last stage the date is set anew with this chance: base + Exp(mean). */
  contract: 0.6,
  contractBase: 1,
  contractMean: 1.6,
  /** Share of new dates put on the end of their month. */
  monthEnd: 0.3,
} as const;

/** Discount given: the rep's habit, more for weak deals (so price and winning are confounded), more with each round. */
export const DISCOUNT = {
  habit: { mean: 0.07, sd: 0.035 },
  firstShare: 0.5,
  weakness: 0.03,
  noise: 0.015,
  negotiation: 0.03,
  /** Chance a week of a new round from the proposal on, and its mean size. */
  round: 0.07,
  roundMean: 0.025,
  max: 0.35,
} as const;

export const PEOPLE = {
  dealsPerRep: 75,
  minReps: 4,
  maxReps: 32,
  repsPerTeam: 6,
  skillSd: 0.35,
  leaveShare: 0.15,
} as const;

export const ACCOUNTS = {
  dealsPerAccount: 2.2,
  contacts: { min: 1, max: 5 },
  /** Fit = industry + perSize size + N(0, sd). */
  fitPerSize: 0.15,
  fitSd: 0.3,
  foreignShare: 0.14,
  thaiTextShare: 0.8,
  industries: [
    ['Manufacturing', 0.2, 0.22],
    ['Retail', 0.0, 0.17],
    ['Food', 0.15, 0.14],
    ['Logistics', 0.1, 0.12],
    ['Hospitality', -0.25, 0.12],
    ['Healthcare', 0.3, 0.08],
    ['Construction', -0.35, 0.1],
    ['Education', -0.15, 0.05],
  ],
  regions: [
    ['Bangkok', 0.45],
    ['Central', 0.17],
    ['East', 0.16],
    ['North', 0.12],
    ['South', 0.1],
  ],
  sources: [
    ['referral', 0.45, 0.18],
    ['inbound', 0.2, 0.3],
    ['event', -0.05, 0.16],
    ['partner', 0.1, 0.14],
    ['outbound', -0.4, 0.22],
  ],
} as const;

/** Weekly counts of activities: Poisson with mean exp(base + engagement e), inbound scaled by nothing but the deal. */
export const ACTIVITY = {
  emailOut: { base: -0.5, engagement: 0.2 },
  emailIn: { base: -1.05, engagement: 0.85 },
  callOut: { base: -1.1, engagement: 0.15 },
  callIn: { base: -2.3, engagement: 0.85 },
  chatOut: { base: -1.4, engagement: 0.25 },
  chatIn: { base: -1.8, engagement: 0.85 },
  meeting: { base: -1.75, engagement: 0.7 },
  note: { base: -1.8, engagement: 0 },
  task: { base: -2.2, engagement: 0 },
  /** Spread of the reps' own diligence, log scale: noise to whoever counts what goes out. */
  diligenceSd: 0.3,
  /** Reply delays in hours, lognormal: median exp(base + engagement e). */
  replyIn: { base: 2.4, engagement: -0.45, sdLog: 0.9 },
  replyOut: { base: 1.6, engagement: 0, sdLog: 0.9 },
  held: { base: 1.4, engagement: 0.7 },
  afterHours: 0.08,
  /** Weekly mean of a further contact joining: exp(base + engagement e). */
  contactJoins: { base: -2.2, engagement: 0.5 },
  /** Chance that a message carries an intent, by intent: logistic(base + engagement e + stage s). */
  intents: {
    price: { base: -1.9, engagement: 0.1, stage: 0.15 },
    competitor: { base: -2.4, engagement: -0.5, stage: 0 },
    contract: { base: -3.6, engagement: 0.35, stage: 0.65 },
    delay: { base: -2.1, engagement: -0.7, stage: 0 },
    legal: { base: -4.2, engagement: 0.1, stage: 0.6 },
    technical: { base: -1.7, engagement: 0.2, stage: -0.25 },
  },
  /** Tone = engagement + N(0, sd); beyond the cuts it is cold or warm. */
  tone: { sd: 0.7, cold: -0.8, warm: 0.6 },
} as const;

/** Deals arrive by week with weight growth x season; the yearly growth is mild. */
export const ARRIVAL = { yearlyGrowth: 0.25, amplitude: 0.15, peakMonth: 9, holiday: 0.45 } as const;

export const CURRENCY = { usd: { first: 35.2, sd: 0.006 }, eur: { first: 38.4, sd: 0.007 } } as const;

export const ORDER = { promisedDays: [7, 35], lateShare: 0.25, lateMeanDays: 9 } as const;

/** Quota = the rep's fair share of expected bookings times this. */
export const QUOTA = { ambition: 1.1, expectedWinRate: 0.33, meanAmountThb: 690_000 } as const;

/** Leads: two competing weekly hazards, as of deals. Terms are in log-odds. */
export const LEAD = {
  perDeal: 1.3,
  /** Interest: e(w) = mean + phi (e(w-1) - mean) + sd z, the lead's mean ~ N(0, meanSd). Never recorded. */
  interest: { phi: 0.85, sd: 0.35, meanSd: 0.75 },
  statuses: ['New', 'Contacted', 'Qualified'],
  converted: { status: [-6.8, -4.55, -2.7], interest: 0.95, economy: 0.6, speed: 0.3, perWeek: -0.03 },
  disqualified: { status: [-3.3, -2.95, -3.2], interest: -0.75, economy: -0.2, speed: -0.15, perWeek: 0.03 },
  /** Weeks since creation count up to this many. */
  weeksCap: 16,
  fit: { converted: 1, disqualified: -0.6 },
  /** Effect of each source, in the order of ACCOUNTS.sources, and of each title, in the order of TITLES. */
  sourceFit: [0.55, 0.25, -0.1, 0.1, -0.5],
  titleFit: [0.35, 0.25, 0.6, 0.1, 0, -0.3, -0.2, -0.6],
  /** Shares of the sources among leads: those that convert less bring more of them. */
  sourceShare: [0.12, 0.34, 0.18, 0.1, 0.26],
  campaignSd: 0.35,
  /** First answer: hours, lognormal; the owner's own speed counts. speed = ln(median / hours), from -cap to cap, once given. */
  response: { medianHours: 14, sdLog: 1, ownerSd: 0.5, cap: 2.5 },
  /** Weekly chance from Contacted to Qualified: logistic(base + interest e + fit f). */
  qualify: { base: -1.5, interest: 0.7, fit: 0.4 },
  /** Weekly counts of activities: Poisson with mean exp(base + interest e). */
  activity: {
    emailOut: { base: -1.4, interest: 0.1 },
    emailIn: { base: -1.6, interest: 0.9 },
    callOut: { base: -1.8, interest: 0.1 },
    callIn: { base: -2.9, interest: 0.9 },
    chatIn: { base: -2.5, interest: 0.9 },
    meeting: { base: -3.1, interest: 0.8 },
    note: { base: -2.9, interest: 0 },
  },
  mail: { weekly: 0.16, opened: { base: -0.3, interest: 0.9 }, clicked: { base: -1, interest: 1 } },
  null: { converted: 0.032, disqualified: 0.062 },
} as const;

/** Contracts: weekly hazards of leaving, and at the end of a term the choice of leaving, reducing or renewing. Log-odds. */
export const CONTRACT = {
  /** Share of the accounts with a contract: of those that won a deal, and of the others (customers of old). */
  share: { won: 0.85, other: 0.55 },
  /** Weeks of a term, its name, share, and the weeks between its invoices. */
  terms: [
    [13, 'quarter', 0.45, 13],
    [26, 'half year', 0.25, 13],
    [52, 'year', 0.3, 26],
  ],
  /** Health: u(w) = mean + phi (u(w-1) - mean) + sd z, its mean ~ N(0, meanSd). Never recorded. */
  health: { phi: 0.95, sd: 0.22, meanSd: 0.65 },
  /** Tickets of a week: Poisson with mean exp(base + health u); the burden keeps `keep` of itself each week. */
  tickets: { base: -2.3, health: -0.5, keep: 0.86, cap: 5 },
  /** Repeat orders: chance a week, the share of them delivered late, and how the weight of lateness fades. */
  orders: { weekly: 0.12, lateShare: 0.22, keep: 0.9, cap: 3 },
  /** Price at a renewal: a usual rise, or with this chance a larger one. */
  rise: { usual: 0.03, large: 0.45, most: 0.16 },
  leave: { base: -6.1, end: -2.35, health: -0.95, tickets: 0.28, late: 0.55, rise: 6, tenure: -0.3, economy: -0.5 },
  reduce: { end: -2.5, health: -0.55, tickets: 0.15, late: 0.25, rise: 3, tenure: 0, economy: -0.4 },
  /** Share of the amount that is kept when reduced. */
  reducedTo: [0.45, 0.8],
  /** Usage of four weeks: seats x exp(health u + noise z). */
  usage: { health: 0.45, noise: 0.15, everyWeeks: 4 },
  /** Days from due to paid: N(habit + health u, sd), the habit its own. */
  payment: { termsDays: 30, habit: { mean: -3, sd: 7 }, health: -3.5, sd: 5 },
  reply: { hours: 9, sdLog: 0.9 },
  survey: { everyWeeks: 26, answered: 0.45, mean: 7.2, health: 1.5, sd: 1.4, afterTicket: 0.3 },
  /** In the scenario `null`, whatever the week. */
  null: { leave: 0.009, reduce: 0 },
} as const;

/** How far the truth of leads and contracts looks ahead. */
export const LEAD_HORIZON_WEEKS = 52;
export const CONTRACT_HORIZON_WEEKS = 53;

export const CAMPAIGN = {
  everyWeeks: 6,
  lastsWeeks: 8,
  channels: ['email', 'webinar', 'event', 'social', 'search'],
  /** Share of the contacts with consent that a campaign by email writes to. */
  reach: 0.12,
  opened: 0.38,
  clicked: 0.3,
  responded: 0.25,
  consentWithdrawn: 0.06,
} as const;

/**
 * Customers without contract, as BG/NBD has it: each buys at a rate of its own, lambda ~ Gamma(shape, scale) a week,
 * times a season common to all, and after each order goes for good with its own chance, Beta(a, b).
 */
export const RETAIL = {
  rate: { shape: 1.1, perWeek: 0.11 },
  leave: { a: 0.9, b: 6 },
  season: { amplitude: 0.3, peakMonth: 12 },
  householdShare: 0.35,
  /** Baht a line, lognormal. */
  basket: { median: 900, sdLog: 0.6, customerSd: 0.5, lines: 1.1 },
  noOrderDays: 180,
} as const;

/** What the scenario `leaky` plants, as shares of the deals concerned. */
export const LEAKY = {
  contractNumber: 0.97,
  lossNote: 0.97,
  handedOver: 0.6,
  backdated: { won: 0.7, lost: 0.1, days: 7 },
} as const;

/** Share of the rows that the scenario `dirty` spoils. */
export const DIRTY_SHARE = 0.02;

/** From how many deals on the truth is told of a seeded sample of so many deals, leads and contracts only. */
export const TRUTH_SAMPLE = { from: 20_001, deals: 1_000, leads: 1_000, accounts: 300 } as const;
