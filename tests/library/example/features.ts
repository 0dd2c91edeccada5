import { defineFeature } from 'foresell';

/** Visits to the customer's site are what sells here; the built-in features know meetings, not where they were. */
export const siteVisits = defineFeature({
  of: 'deal',
  name: 'site_visit_count',
  type: 'number',
  unit: 'count',
  says: 'Meetings whose outcome was "site visit".',
  label: { en: 'visits to the site', th: 'การเยี่ยมชมหน้างาน' },
  idea: 'site visits',
  compute: (past) => past.all('activityEnded').filter(({ outcome }) => outcome === 'site visit').length,
});
