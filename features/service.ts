import { defineFeature } from './feature.ts';
import { daysSince, mean, median, ratio, shared } from './shared.ts';

/** How content the account is: tickets, surveys. Missing where no account is known. */

/** Tickets of the account with what is known of each. */
const tickets = shared((past) => {
  const account = past.account;
  if (!account) return undefined;
  const replied = new Map(account.all('ticketReplied').map((reply) => [reply.ticketId, reply.at]));
  const closed = new Map(account.all('ticketClosed').map((close) => [close.ticketId, close]));
  const opened = new Map(account.all('ticket').map((ticket) => [ticket.ticketId, ticket])); // one put right is told again
  return [...opened.values()].map(({ ticketId, at, priority }) => ({
    at,
    priority,
    repliedAt: replied.get(ticketId),
    closed: closed.get(ticketId),
  }));
});
const URGENT = /urgent|high|critical|^p?[01]$|เร่งด่วน|สูง/i;

export const ticketCount90d = defineFeature({
  name: 'ticket_count_90d',
  type: 'number',
  unit: 'count',
  says: 'Tickets that the account opened in the last 90 days.',
  label: { en: 'tickets in the last 90 days', th: 'จำนวนเคสใน 90 วันที่ผ่านมา' },
  idea: 'tickets',
  compute: (past) => tickets(past)?.filter((ticket) => daysSince(past, ticket.at) < 90).length ?? Number.NaN,
});

export const ticketOpenCount = defineFeature({
  name: 'ticket_open_count',
  type: 'number',
  unit: 'count',
  says: 'Tickets of the last 365 days that are not closed.',
  label: { en: 'open tickets', th: 'จำนวนเคสที่ยังไม่ปิด' },
  idea: 'tickets',
  compute: (past) =>
    tickets(past)?.filter((ticket) => !ticket.closed && daysSince(past, ticket.at) < 365).length ?? Number.NaN,
});

export const ticketUrgentCount90d = defineFeature({
  name: 'ticket_urgent_count_90d',
  type: 'number',
  unit: 'count',
  says: 'Tickets of the last 90 days with a high priority.',
  label: { en: 'urgent tickets in the last 90 days', th: 'จำนวนเคสเร่งด่วนใน 90 วันที่ผ่านมา' },
  idea: 'tickets',
  compute: (past) =>
    tickets(past)?.filter((ticket) => daysSince(past, ticket.at) < 90 && URGENT.test(ticket.priority ?? '')).length ??
    Number.NaN,
});

export const ticketReplyHours = defineFeature({
  name: 'ticket_reply_hours_180d',
  type: 'number',
  unit: 'none',
  says: 'Median hours until the first reply to tickets of the last 180 days; unanswered ones count up to the look.',
  label: { en: 'hours until tickets are answered', th: 'ชั่วโมงก่อนตอบเคสครั้งแรก' },
  idea: 'ticket speed',
  compute: (past) => {
    const recent = tickets(past)?.filter((ticket) => daysSince(past, ticket.at) < 180) ?? [];
    return median(recent.map((ticket) => ((ticket.repliedAt ?? ticket.closed?.at ?? past.asOf) - ticket.at) / 3_600_000)); // biome-ignore format: one look
  },
});

export const ticketReopenedRatio = defineFeature({
  name: 'ticket_reopened_ratio_365d',
  type: 'number',
  unit: 'ratio',
  says: 'Share of the tickets closed in the last 365 days that had been opened again.',
  label: { en: 'tickets that had to be opened again', th: 'สัดส่วนเคสที่ต้องเปิดใหม่' },
  idea: 'ticket quality',
  compute: (past) => {
    const closed = past.account?.within('ticketClosed', 365) ?? [];
    return ratio(closed.filter((close) => close.reopened).length, closed.length);
  },
});

export const csatMean365d = defineFeature({
  name: 'csat_mean_365d',
  type: 'number',
  unit: 'none',
  says: 'Mean satisfaction given when tickets were closed in the last 365 days, on the scale of the source.',
  label: { en: 'satisfaction with support', th: 'ความพึงพอใจต่อการบริการ' },
  idea: 'satisfaction',
  compute: (past) => mean((past.account?.within('ticketClosed', 365) ?? []).flatMap(({ csat }) => csat ?? [])),
});

/** Scores of the surveys with one, oldest first. */
const scores = shared((past) => (past.account?.all('survey') ?? []).flatMap(({ score, at }) => (score === null ? [] : [{ score, at }]))); // biome-ignore format: one look

export const surveyScoreLast = defineFeature({
  name: 'survey_score_last',
  type: 'number',
  unit: 'none',
  says: 'Score of the newest survey, on the scale of the source.',
  label: { en: 'score of the last survey', th: 'คะแนนแบบสำรวจล่าสุด' },
  idea: 'satisfaction',
  compute: (past) => scores(past).at(-1)?.score ?? Number.NaN,
});

export const surveyScoreChange = defineFeature({
  name: 'survey_score_change',
  type: 'number',
  unit: 'none',
  says: 'Score of the newest survey less that of the one before.',
  label: { en: 'change of the survey score', th: 'คะแนนแบบสำรวจที่เปลี่ยนไป' },
  idea: 'satisfaction',
  compute: (past) => (scores(past).at(-1)?.score ?? Number.NaN) - (scores(past).at(-2)?.score ?? Number.NaN),
});

export const surveyAgeDays = defineFeature({
  name: 'survey_age_days',
  type: 'number',
  unit: 'days',
  says: 'Days since the newest survey, up to a year.',
  label: { en: 'days since the last survey', th: 'จำนวนวันนับจากแบบสำรวจล่าสุด' },
  idea: 'satisfaction',
  compute: (past) => Math.min(daysSince(past, scores(past).at(-1)?.at), 365),
});
