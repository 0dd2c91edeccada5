import { openEngine } from '../../api/open.ts';

/** Tells one request of three adjustments in a process of its own, over and over: `adjustChild.ts DB FIRST`. Says when it begins and which are acknowledged. */
const [db, first] = process.argv.slice(2) as [string, string];
const engine = openEngine({ db, now: () => Date.parse('2026-05-20T06:30:00Z') });
const period = engine.period({ label: '2026-Q2' }, engine.liveAsOf());
process.stdout.write('begin\n');
for (let request = Number(first); ; request++) {
  const given = [1, 2, 3].map((k) => ({
    kind: 'commit' as const,
    by: 'all' as const,
    period,
    amount: { minor: 10 * request + k, currency: 'THB' },
    reason: `request ${request}`,
  }));
  const body = JSON.stringify(given);
  await engine.adjust({ given, author: 'child', once: { scope: 'kill', key: String(request), body } });
  process.stdout.write(`done ${request}\n`);
}
