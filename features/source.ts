import { defineFeature } from './feature.ts';
import { titleClass } from './titles.ts';

/** Where it came from: the lead itself, or the lead behind a deal. */

export const leadSource = defineFeature({
  name: 'lead_source',
  type: 'category',
  unit: 'none',
  says: 'Where the lead, or the lead behind the deal, came from.',
  label: { en: 'lead source', th: 'แหล่งที่มาของลีด' },
  idea: 'lead source',
  compute: (past) => past.lead?.last('lead')?.source ?? undefined,
});

export const leadTitleClass = defineFeature({
  name: 'lead_title_class',
  type: 'category',
  unit: 'none',
  says: 'How much the person of the lead decides, by words of the job title.',
  label: { en: "level of the contact's job", th: 'ระดับตำแหน่งของผู้ติดต่อ' },
  idea: 'lead person',
  levels: ['head', 'manager', 'other'],
  compute: (past) => titleClass(past.lead?.last('lead')?.title),
});
