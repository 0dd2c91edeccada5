/**
 * Every constant of the sample company's mechanism, in one place.
 *
 * They were fixed before the engine's models were fitted and are not tuned to them. Plausibility was judged on seeds 1
 * to 99 only: win rate, cycle length, share left open, the oracle's AUC, and that a plain logistic regression on stage
 * and counts of messages finds part of the signal. Seeds 1000 to 1007 are for acceptance, never for tuning.
 */

export type Scenario = 'calm' | 'drift' | 'null' | 'tiny';
export const scenarios: readonly Scenario[] = ['calm', 'drift', 'null', 'tiny'];

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
  fixed: ['deal.source', 'account.employees', 'account.annual_revenue'],
} as const;

export const PIPELINE = 'Sales';
/** Open stages in order; the mechanism knows them by index. */
export const OPEN_STAGES = ['Qualification', 'Discovery', 'Proposal', 'Negotiation', 'Contract'] as const;
export const WON_STAGE = 'Closed Won';
export const LOST_STAGE = 'Closed Lost';

/** Economy: g(w) = rho g(w-1) + sd sqrt(1 - rho^2) z; sd is that of the stationary law, in log-odds of winning. */
export const ECONOMY = { rho: 0.97, sd: { calm: 0.08, drift: 0.6, null: 0.08, tiny: 0.08 } } as const;

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
  /** Fit = industry + size + N(0, sd). */
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
