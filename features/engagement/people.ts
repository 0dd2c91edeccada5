import { defineFeature } from '../feature.ts';
import { titleClass } from '../titles.ts';
import { activitiesOf, lately } from './activities.ts';

/** Who of the customer takes part. */

export const contactCount90d = defineFeature({
  name: 'contact_count_90d',
  type: 'number',
  unit: 'count',
  says: 'Different people of the customer in the activities of the last 90 days.',
  label: { en: 'people involved at the customer', th: 'จำนวนผู้ติดต่อฝั่งลูกค้า' },
  idea: 'contacts',
  compute: (past) => {
    const ids = new Set<string>();
    for (const activity of lately(past, activitiesOf(past), 90)) if (activity.contactId) ids.add(activity.contactId);
    return ids.size;
  },
});

export const contactRoleCount = defineFeature({
  name: 'contact_role_count',
  type: 'number',
  unit: 'count',
  says: 'Different roles among the people named for the deal.',
  label: { en: 'roles covered at the customer', th: 'บทบาทของผู้ติดต่อที่ครอบคลุม' },
  idea: 'contacts',
  compute: (past) => new Set(past.all('dealContact').flatMap((contact) => contact.role ?? [])).size,
});

export const contactSeniorCount = defineFeature({
  name: 'contact_senior_count',
  type: 'number',
  unit: 'count',
  says: 'Owners, directors and other heads among the people met or named so far, by their titles.',
  label: { en: 'decision makers involved', th: 'จำนวนผู้มีอำนาจตัดสินใจที่เกี่ยวข้อง' },
  idea: 'contacts',
  compute: (past) => {
    const titles = new Map(past.account?.all('contact').map((contact) => [contact.contactId, contact.title]));
    const met = new Set<string>();
    for (const { contactId } of activitiesOf(past)) if (contactId) met.add(contactId);
    for (const { contactId } of past.all('dealContact')) met.add(contactId);
    let senior = 0;
    for (const id of met) if (titleClass(titles.get(id)) === 'head') senior++;
    return senior;
  },
});
