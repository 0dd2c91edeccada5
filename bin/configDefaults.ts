/** `foresell.yaml` as it could be; printed as comments, since everything in it is optional. */
export const exampleConfig = `features: [./features.mjs]   # files with features of your own (defineFeature), relative to this file
labels: [./labels.mjs]       # files with questions of your own (defineLabel)
# How foresell train trains, where the command line does not say otherwise. changes: numbers of the profile set anew; budget:
# seconds of a search of the network's settings.
train: { model: deal, profile: default, seed: 1, budget: 0, changes: { network: { epochs: 60 } } }
# When a running server trains anew; any of the three is enough.
retrain: { every: 28d, drift: true, outcomes: 200 }
rollback: true               # takes down a version that turned worse than the one before
alarms: true                 # tells drift in the log and on GET /v1/events
`;

/** What is to be known of a company, with the defaults; `src/company.ts` says more of each. */
export const defaultSettings = `name: Company
time_zone: UTC               # IANA name: days, weeks and quarters are of this zone
base_currency: USD           # ISO 4217
fiscal_year_start: 1         # month in which the fiscal year begins
week_start: 1                # 1 = Monday .. 7 = Sunday
languages: [en]
fixed: []                    # columns that never change after creation, as deal.product: learned from without history
numeric: []                  # those of them that hold numbers, as deal.seats
pinned: []                   # features kept whatever the screens for drift and leaks say
left_out: []                 # features never learned from
# When an open deal is looked at to learn from: days after creation, after each stage change, and every so many days.
landmarks: { days: [0], on_stage_change: true, every_days: 14 }
bins: [0, 7, 14, 21, 30, 45, 60, 90, 120, 150, 180, 240, 300, 365, 540]   # edges of the horizon, days
lead:
  within_days: 90            # a conversion counts within so many days
  converted: []              # words of status that are an ending by themselves
  disqualified: []
  landmarks: { days: [0], on_status_change: true, every_days: 14 }
  bins: [0, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365]
churn:
  within_days: 180           # leaves within so many days
  grace_days: 30             # a new contract within so many days of the last one is staying
  every_days: 30             # how often a customer is looked at to learn from
  bins: [0, 30, 60, 90, 120, 150, 180, 240, 300, 365, 540]
prior: {}                    # before there are outcomes, as deal: { rate: .3, weight: 10 }
`;

const commented = (yaml: string): string => yaml.replaceAll(/^(?!#)(?=.)/gm, '# ').replaceAll(/^# {2}(?=\S)/gm, '#   ');

/** A `foresell.yaml` to start from: all that it may say, as comments. */
export const commentedDefault = `# foresell.yaml stands beside the database. All of it is optional; take away the # of what is wanted.

${commented(exampleConfig)}
# What is to be known of the company stands with its records: in company.json of a bundle, or under settings of a map
# (foresell import --help); stages in stages.csv or under stages of a map. It is stored at import: to change it, change
# it there and import again. With its defaults:

${commented(defaultSettings)}`;
