import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { openEngine } from '../../api/open.ts';
import { modelList } from '../../api/schemas/models.ts';
import { tableScoreAnswer, tableScoreAnswerExample } from '../../api/tableAnswer.ts';
import { tableWhatIfAnswer } from '../../api/tableWhatIf.ts';
import { servedReports } from '../../bin/report/served.ts';
import { servedTables } from '../../bin/table/served.ts';
import { tableOfRows } from '../../models/table/tableModel.ts';
import { fitTableReport, type TableModel } from '../../training/tables/model.ts';
import { leads } from '../training/tables/files.ts';

const rows = leads(120);
const record = { source: 'fair', employees: 180, opened: '2026-03-04', extra: 1, lead: 'X1' };
const folder = mkdtempSync(join(tmpdir(), 'foresell-tables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let app: ReturnType<typeof createApp>;
let model: TableModel;

beforeAll(async () => {
  const table = tableOfRows(rows.map(({ months: _m, grade: _g, spent: _s, ...rest }) => rest)); // biome-ignore format: one call
  ({ model } = await fitTableReport(table, { target: 'converted', id: 'lead' }));
  const timed = tableOfRows(rows.map(({ spent: _s, grade: _g, opened: _o, lead: _l, ...rest }) => rest)); // biome-ignore format: one call
  const duration = await fitTableReport(timed, { time: 'months', event: 'converted', times: [0.5, 1] });
  writeFileSync(join(folder, 'signups.model'), model.save());
  writeFileSync(join(folder, 'd.bin'), duration.bytes);
  const tables = await servedTables([join(folder, 'signups.model'), `soon=${join(folder, 'd.bin')}`], undefined);
  const engine = openEngine({ db: ':memory:', now: () => Date.parse('2026-05-20T06:30:00Z') });
  app = createApp(engine, { now: Date.now, tables, report: servedReports(tables) });
});

const post = async (name: string, body: unknown, headers: Record<string, string> = {}) => {
  const answer = await app.request(`/v1/scores/${name}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }); // biome-ignore format: one call
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

describe('a model of a flat table over HTTP', () => {
  test('records in their order, each an answer or an error; reasons sum to the score', async () => {
    const { status, body } = await post('signups', { records: [record, { source: 'web' }, { ...record, employees: null, source: 'radio' }, { source: [] }], reasons: 5 }); // biome-ignore format: one call
    expect(status).toBe(200);
    const answer = tableScoreAnswer.parse(body);
    expect(answer).toMatchObject({ model: 'signups', version: model.version, task: 'binary', positive: 'yes' });
    const [first, second, third, fourth] = answer.items;
    expect(first).toMatchObject({ id: 'X1', probability: model.predict([record])[0] });
    expect(second).toMatchObject({ error: { code: 'column-missing', path: 'records[1]' } });
    expect(third).toHaveProperty('probability');
    expect(fourth).toMatchObject({ error: { code: 'field-invalid', path: 'records[3].source' } });
    expect(answer.notes).toEqual([
      '"source": 1 cells say a word never met in training (as "radio"); they count as rare ones',
    ]);
    if (!first || 'error' in first) throw new Error('no score');
    const p = first.probability!;
    const sum = first.reasons!.reduce((s, { contribution }) => s + contribution, first.baseValue! + first.otherContribution!); // biome-ignore format: one sum
    expect(sum).toBeCloseTo(Math.log(p / (1 - p)), 6);
    expect(first.reasons!.map(({ params }) => params.feature)).toContain('employees');
    expect(first.reasons!.find(({ params }) => params.feature === 'employees')!.text).toMatch(/^Employees: 180 \(usual \d+, mostly \d+ to \d+\)$/); // biome-ignore format: one check
  });

  test('words in Thai on request', async () => {
    const { body } = await post('signups', { records: [record] }, { 'accept-language': 'th' });
    expect(JSON.stringify(body)).toContain('ปกติ');
  });

  test('durations: survival at the times of the fit, falling', async () => {
    const { body } = await post('soon', { records: [{ source: 'web', employees: 10 }] });
    const [item] = tableScoreAnswer.parse(body).items;
    if (!item || 'error' in item) throw new Error('no score');
    expect(item.survival!.map(({ time }) => time)).toEqual([0.5, 1]);
    expect(item.survival![0]!.p).toBeGreaterThanOrEqual(item.survival![1]!.p);
  });

  test('what cannot be asked', async () => {
    expect(await post('signups', { ids: ['L1'] })).toMatchObject({ status: 400, body: { code: 'field-invalid', path: 'ids' } }); // biome-ignore format: one check
    expect(await post('signups', { records: [{}] })).toMatchObject({ status: 400, body: { code: 'column-missing' } });
    expect((await post('nothing', { records: [{}] })).status).toBe(404);
    const both = { records: [record, {}], allOrNothing: true };
    expect(await post('signups', both)).toMatchObject({ status: 400, body: { code: 'column-missing' } });
  });

  test('a stream names records without an id by their lines, however many there are', async () => {
    const lines = Array.from({ length: 120 }, (_, i) => JSON.stringify({ source: 'web', employees: i }));
    lines.splice(60, 0, '');
    const headers = { 'content-type': 'application/x-ndjson' };
    const answer = await app.request('/v1/scores/soon/stream', { method: 'POST', headers, body: lines.join('\n') });
    const ids = (await answer.text()).trim().split('\n').map((line) => (JSON.parse(line) as { id: string }).id); // biome-ignore format: one list
    expect(ids).toEqual(lines.flatMap((line, i) => (line === '' ? [] : [String(i)])));
  });

  test('an instant, which a table does not know, is refused instead of ignored', async () => {
    const asOf = '2026-05-01T00:00:00Z';
    expect(await post('signups', { records: [record], asOf })).toMatchObject({ status: 400, body: { code: 'field-invalid', path: 'asOf' } }); // biome-ignore format: one check
    const headers = { 'content-type': 'application/x-ndjson' };
    const stream = await app.request(`/v1/scores/soon/stream?asOf=${asOf}`, { method: 'POST', headers, body: '{}' });
    expect(stream.status).toBe(400);
  });

  test('what-if: copies of a record, scored as such, with reasons that sum to the difference', async () => {
    const ask = async (body: unknown, headers: Record<string, string> = {}) => {
      const answer = await app.request('/v1/whatif', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }); // biome-ignore format: one call
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const changes = [{ field: 'employees', value: 4 }, [{ field: 'source', value: 'web' }, { field: 'employees', value: null }]]; // biome-ignore format: one list
    const { status, body } = await ask({ model: 'signups', record, changes });
    expect(status).toBe(200);
    const answer = tableWhatIfAnswer.parse(body);
    expect(answer).toMatchObject({ model: 'signups', version: model.version, explains: { kind: 'probability' } });
    const copies = [record, { ...record, employees: 4 }, { ...record, source: 'web', employees: null }];
    const said = model.predict(copies);
    expect([answer.before, ...answer.items].map(({ probability }) => probability)).toEqual([...said]);
    const odds = (p: number) => Math.log(p / (1 - p));
    answer.items.forEach(({ difference }, i) => {
      const { change, reasons, otherContribution } = difference!;
      expect(change).toBeCloseTo(odds(said[i + 1]!) - odds(said[0]!), 3);
      expect(reasons.reduce((sum, { contribution }) => sum + contribution, otherContribution)).toBeCloseTo(change, 9);
      const changed = new Set(answer.items[i]!.changes.map(({ field }) => field));
      expect(reasons.filter(({ code }) => !changed.has(code))).toEqual([]);
    });
    expect(answer.items[0]!.difference!.reasons[0]).toMatchObject({ code: 'employees', text: 'Employees: 4 instead of 180', params: { before: 180, value: 4 } }); // biome-ignore format: one check
    const thai = await ask({ model: 'signups', record, changes }, { 'accept-language': 'th' });
    expect(JSON.stringify(thai.body)).toContain('Employees: 4 แทน 180');
    const soon = tableWhatIfAnswer.parse((await ask({ model: 'soon', record, changes })).body);
    expect(soon.items.map(({ survival }) => survival!.length)).toEqual([2, 2]);

    const refused = async (body: object, path: string, code = 'field-invalid') => expect(await ask({ model: 'signups', record, changes, ...body })).toMatchObject({ status: 400, body: { code, path } }); // biome-ignore format: one check
    await refused({ changes: [{ field: 'extra', value: 2 }] }, 'changes[0].field', 'field-unknown');
    await refused({ changes: [[{ field: 'source', value: 'web' }, { field: 'source', value: 'fair' }]] }, 'changes[0][1].field'); // biome-ignore format: one call
    await refused({ changes: [{ field: 'source', value: ['web'] }] }, 'changes[0].value');
    await refused({ record: { source: 'web' } }, 'record', 'column-missing');
    await refused({ record: undefined, id: 'X1' }, 'id');
    await refused({ id: 'X1' }, 'record');
    await refused({ asOf: '2026-05-01T00:00:00Z' }, 'asOf');
    await refused({ model: 'deal' }, 'record');
    expect((await ask({ model: 'nothing', record, changes })).status).toBe(404);
  });

  test('it is listed with its version and metrics, and documented', async () => {
    const { items } = modelList.parse(await (await app.request('/v1/models')).json());
    const found = items.find((item) => item.model === 'signups');
    expect(found).toMatchObject({ served: model.version, features: [{ name: 'source' }, { name: 'employees' }, { name: 'opened' }] }); // biome-ignore format: one check
    expect(found?.versions[0]?.summary).toHaveProperty('auc');
    expect((await app.request('/v1/models/soon')).status).toBe(200);
    expect(JSON.stringify(await (await app.request('/openapi.json')).json())).toContain('TableScoreAnswer');
    tableScoreAnswer.parse(tableScoreAnswerExample);
  });

  test('its report is a page that stands alone, in both languages; another version is not there', async () => {
    const at = `/v1/models/signups/versions/${model.version.slice(0, 12)}/report`;
    const page = await app.request(at);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await page.text();
    expect(text).toContain('lang="en"');
    expect(text).not.toMatch(/(src|href)="https?:/);
    expect(await (await app.request(`${at}?language=th`)).text()).toContain('lang="th"');
    expect((await app.request('/v1/models/signups/versions/0000/report')).status).toBe(404);
    expect((await app.request('/v1/models/nothing/versions/0000/report')).status).toBe(404);
    expect((await app.request('/v1/models/signups/versions/x/report')).status).toBe(400);
  });

  test('names that are taken or no names are refused', async () => {
    const code = (text: string) => servedTables([text], undefined).catch((error: { code: string }) => error.code);
    expect(await code('deal=x')).toBe('table-name-taken');
    expect(await code('a b=x')).toBe('table-name-invalid');
    expect(await code('x=/nowhere')).toBe('file-unreadable');
  });
});
