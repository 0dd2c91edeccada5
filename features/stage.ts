import { similarKeys } from '../src/norms/similar.ts';
import type { Past } from '../src/world.ts';
import { defineFeature } from './feature.ts';
import { amountOf, changesOf, daysSince, drawnTo, ratio, shared, shrunkRate, word } from './shared.ts';

/** The deal's own history: age, stages, the date that was promised, hands it went through. */

const created = (past: Past) => past.last('deal')?.at;

/** The stages it was put in, oldest first, with the rank where the company defined it. */
const stages = shared((past) => {
  const pipeline = past.last('deal')?.pipeline;
  return changesOf(past, 'stage')
    .filter((change) => change.value !== null)
    .map((change) => ({
      at: change.at,
      stage: String(change.value),
      rank: past.company.stage(String(change.value), pipeline, past.asOf)?.rank ?? Number.NaN,
    }));
});
const since = (past: Past, days: number) =>
  stages(past).filter((stage, i) => i > 0 && daysSince(past, stage.at) < days).length;

/** The close dates promised, oldest first. */
const promises = shared((past) =>
  changesOf(past, 'expected_close_date')
    .map((change) => change.value)
    .filter((value) => typeof value === 'number'),
);
const shifts = (past: Past, sign: 1 | -1) =>
  promises(past).filter((date, i) => i > 0 && sign * (date - promises(past)[i - 1]!) > 0).length;

export const dealAgeDays = defineFeature({
  name: 'deal_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the deal was created, over all its spells.',
  label: { en: 'age of the deal', th: 'อายุของดีล' },
  idea: 'age',
  compute: (past) => daysSince(past, created(past)),
});

export const dealPipeline = defineFeature({
  name: 'deal_pipeline',
  type: 'category',
  unit: 'none',
  says: 'The pipeline that the deal runs through.',
  label: { en: 'pipeline', th: 'ไปป์ไลน์การขาย' },
  idea: 'pipeline',
  compute: (past) => past.last('deal')?.pipeline ?? undefined,
});

export const stageCurrent = defineFeature({
  name: 'stage_current',
  type: 'category',
  unit: 'none',
  says: 'The stage that the deal is in.',
  label: { en: 'current stage', th: 'ขั้นตอนปัจจุบัน' },
  idea: 'stage',
  compute: (past) => word(past, 'stage'),
});

export const stagePrevious = defineFeature({
  name: 'stage_previous',
  type: 'category',
  unit: 'none',
  says: 'The stage that the deal was in before the current one.',
  label: { en: 'previous stage', th: 'ขั้นตอนก่อนหน้า' },
  idea: 'stage',
  compute: (past) => stages(past).at(-2)?.stage,
});

export const stageRank = defineFeature({
  name: 'stage_rank',
  type: 'number',
  unit: 'none',
  says: "The current stage's place in the company's order of stages.",
  label: { en: 'progress through the stages', th: 'ความคืบหน้าตามขั้นตอน' },
  idea: 'stage',
  compute: (past) => stages(past).at(-1)?.rank ?? Number.NaN,
});

export const stageWinRate = defineFeature({
  name: 'stage_win_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Share won of the closed deals that ever were in the current stage, drawn to the rate of all deals.',
  label: { en: 'usual outcome from this stage', th: 'อัตราปิดได้ตามปกติจากขั้นตอนนี้' },
  idea: 'stage',
  compute: (past) => {
    const stage = word(past, 'stage');
    if (stage === undefined) return Number.NaN;
    const tally = past.norms.stage.get(stage) ?? { won: 0, lost: 0 };
    return shrunkRate(tally.won, tally.lost, past.norms.all);
  },
});

export const stageAgeDays = defineFeature({
  name: 'stage_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the deal entered its current stage.',
  label: { en: 'days in the current stage', th: 'จำนวนวันในขั้นตอนปัจจุบัน' },
  idea: 'stage pace',
  compute: (past) => daysSince(past, stages(past).at(-1)?.at),
});

export const stageAgeRatio = defineFeature({
  name: 'stage_age_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Days in the current stage over the median stay there.',
  label: { en: 'time in stage compared with usual', th: 'เวลาในขั้นตอนเทียบกับปกติ' },
  idea: 'stage pace',
  compute: (past) => {
    const last = stages(past).at(-1);
    return last ? ratio(daysSince(past, last.at), past.norms.stageDays.get(last.stage) ?? 0) : Number.NaN;
  },
});

export const stageChangeCount = defineFeature({
  name: 'stage_change_count',
  type: 'number',
  unit: 'count',
  says: 'How often the deal moved to another stage.',
  label: { en: 'number of stage changes', th: 'จำนวนครั้งที่เปลี่ยนขั้นตอน' },
  idea: 'stage',
  compute: (past) => Math.max(0, stages(past).length - 1),
});

export const stageChangeCount1d = defineFeature({
  name: 'stage_change_count_1d',
  type: 'number',
  unit: 'count',
  says: 'How often the deal moved to another stage in the last day.',
  label: { en: 'stage changes in the last day', th: 'การเปลี่ยนขั้นตอนใน 1 วันที่ผ่านมา' },
  idea: 'stage pace',
  compute: (past) => since(past, 1),
});

export const stageChangeCount7d = defineFeature({
  name: 'stage_change_count_7d',
  type: 'number',
  unit: 'count',
  says: 'How often the deal moved to another stage in the last 7 days.',
  label: { en: 'stage changes in the last 7 days', th: 'การเปลี่ยนขั้นตอนใน 7 วันที่ผ่านมา' },
  idea: 'stage pace',
  compute: (past) => since(past, 7),
});

export const stageDistinctCount = defineFeature({
  name: 'stage_distinct_count',
  type: 'number',
  unit: 'count',
  says: 'How many different stages the deal has been in.',
  label: { en: 'different stages seen', th: 'จำนวนขั้นตอนที่เคยผ่าน' },
  idea: 'stage',
  compute: (past) => new Set(stages(past).map((stage) => stage.stage)).size,
});

export const stageBackCount = defineFeature({
  name: 'stage_back_count',
  type: 'number',
  unit: 'count',
  says: 'How often the deal went back to an earlier stage.',
  label: { en: 'steps back to an earlier stage', th: 'จำนวนครั้งที่ถอยกลับขั้นตอนก่อน' },
  idea: 'stage',
  compute: (past) => stages(past).filter((stage, i) => i > 0 && stage.rank < stages(past)[i - 1]!.rank).length,
});

export const expectedCloseInDays = defineFeature({
  name: 'expected_close_in_days',
  type: 'number',
  unit: 'days',
  says: "Days from the look to the rep's expected close date; negative when it has passed.",
  label: { en: 'days to the expected close date', th: 'จำนวนวันถึงวันที่คาดว่าจะปิด' },
  idea: 'expected close date',
  compute: (past) => -daysSince(past, amountOf(past, 'expected_close_date')),
});

export const expectedCloseOverdueDays = defineFeature({
  name: 'expected_close_overdue_days',
  type: 'number',
  unit: 'days',
  says: 'Days by which the expected close date has passed; 0 while it lies ahead.',
  label: { en: 'days past the expected close date', th: 'จำนวนวันที่เลยวันที่คาดว่าจะปิด' },
  idea: 'expected close date',
  compute: (past) => Math.max(0, daysSince(past, amountOf(past, 'expected_close_date'))),
});

export const expectedClosePushCount = defineFeature({
  name: 'expected_close_push_count',
  type: 'number',
  unit: 'count',
  says: 'How often the expected close date was moved later.',
  label: { en: 'times the close date was postponed', th: 'จำนวนครั้งที่เลื่อนวันปิดออกไป' },
  idea: 'slipping date',
  compute: (past) => shifts(past, 1),
});

export const expectedClosePullCount = defineFeature({
  name: 'expected_close_pull_count',
  type: 'number',
  unit: 'count',
  says: 'How often the expected close date was moved earlier.',
  label: { en: 'times the close date was brought forward', th: 'จำนวนครั้งที่เลื่อนวันปิดเข้ามา' },
  idea: 'slipping date',
  compute: (past) => shifts(past, -1),
});

export const expectedCloseShiftDays = defineFeature({
  name: 'expected_close_shift_days',
  type: 'number',
  unit: 'days',
  says: 'Days between the first and the newest expected close date.',
  label: { en: 'total slip of the close date', th: 'วันปิดที่เลื่อนไปทั้งหมด' },
  idea: 'slipping date',
  compute: (past) => {
    const dates = promises(past);
    return dates.length ? (dates.at(-1)! - dates[0]!) / 86_400_000 : Number.NaN;
  },
});

export const forecastCategory = defineFeature({
  name: 'forecast_category',
  type: 'category',
  unit: 'none',
  says: "The rep's own forecast category.",
  label: { en: 'forecast category', th: 'หมวดการพยากรณ์' },
  idea: 'forecast category',
  compute: (past) => word(past, 'forecast_category'),
});

export const expectedClosePushCount30d = defineFeature({
  name: 'expected_close_push_count_30d',
  type: 'number',
  unit: 'count',
  says: 'How often the expected close date was moved later in the last 30 days.',
  label: { en: 'postponements in the last 30 days', th: 'การเลื่อนวันปิดใน 30 วันที่ผ่านมา' },
  idea: 'slipping date',
  compute: (past) => {
    const dates = changesOf(past, 'expected_close_date').filter((change) => typeof change.value === 'number');
    return dates.filter((change, i) => i > 0 && daysSince(past, change.at) < 30 && Number(change.value) > Number(dates[i - 1]!.value)).length; // biome-ignore format: one look
  },
});

export const expectedCloseHeldDays = defineFeature({
  name: 'expected_close_held_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the expected close date was last set.',
  label: { en: 'days since the close date was set', th: 'จำนวนวันนับจากกำหนดวันปิดล่าสุด' },
  idea: 'slipping date',
  compute: (past) => daysSince(past, changesOf(past, 'expected_close_date').at(-1)?.at),
});

export const dealAgeRatio = defineFeature({
  name: 'deal_age_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Age of the deal over the median days that won deals took.',
  label: { en: 'age compared with won deals', th: 'อายุเทียบกับดีลที่ปิดได้' },
  idea: 'age',
  compute: (past) => ratio(daysSince(past, created(past)), past.norms.wonDays),
});

export const similarWinRatio = defineFeature({
  name: 'similar_win_ratio',
  type: 'number',
  unit: 'ratio',
  says: 'Share won of closed deals of the same product family, size and industry, drawn to ever wider groups.',
  label: { en: 'usual outcome of similar deals', th: 'ผลตามปกติของดีลที่คล้ายกัน' },
  idea: 'similar deals',
  compute: (past) => {
    if (!past.last('deal')) return Number.NaN;
    const { all, similar } = past.norms;
    let rate = ratio(all.won, all.won + all.lost);
    for (const key of similarKeys(past)) {
      const tally = similar.get(key);
      if (tally) rate = drawnTo(rate, tally.won, tally.won + tally.lost);
    }
    return rate;
  },
});
