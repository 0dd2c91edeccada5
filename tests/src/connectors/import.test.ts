import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.ts';
import { scratch } from '../store/scratch.ts';
import { small, tryImport, writeFolder } from './folders.ts';

describe('import of a folder', () => {
  test('every row is taken, and a second run changes nothing', async () => {
    const folder = scratch();
    const store = openStore(join(folder, 'x.db'));
    const path = writeFolder(join(folder, 'in'), small);
    const first = await tryImport(store, path);
    expect(first.report.total).toEqual({ read: 23, accepted: 23, unchanged: 0, rejected: 0 });
    expect(store.company().settings.time_zone).toBe('Asia/Bangkok');
    expect(store.company().stage('Won')?.kind).toBe('won');
    const second = await tryImport(store, path, Date.UTC(2026, 6, 1));
    expect(second.report.total).toEqual({ read: 23, accepted: 0, unchanged: 23, rejected: 0 });
    store.close();
  });
});
