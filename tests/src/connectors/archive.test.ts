import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { unpacked } from '../../../src/connectors/archive.ts';
import { importBundle } from '../../../src/connectors/import.ts';
import { openBundle } from '../../../src/connectors/open.ts';
import { openStore } from '../../../src/store/open.ts';
import { scratch } from '../store/scratch.ts';
import { IMPORTED, small } from './folders.ts';

interface Packed {
  readonly path: string;
  readonly text: string | Buffer;
  readonly mode?: number;
  readonly flags?: number;
  readonly stored?: boolean;
  readonly crc?: number;
}

function zip(files: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { path, text, mode = 0o100644, flags = 0x800, stored, crc } of files) {
    const [name, plain] = [Buffer.from(path), Buffer.from(text)];
    const data = stored ? plain : deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc ?? crc32(plain), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(0x0314, 4);
    common.copy(entry, 6);
    entry.writeUInt32LE(mode * 65_536, 38);
    entry.writeUInt32LE(at, 42);
    list.push(entry, name);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, name, data]);
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

function tar(files: readonly { readonly path: string; readonly text: string; readonly type?: string }[]): Buffer {
  const blocks = files.flatMap(({ path, text, type = '0' }) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write(Buffer.byteLength(text).toString(8).padStart(11, '0'), 124);
    header.write(type, 156);
    header.write('ustar', 257);
    header.write('        ', 148);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return [header, Buffer.from(text), Buffer.alloc((512 - (Buffer.byteLength(text) % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const text = (name: keyof typeof small): string => {
  const content = small[name];
  return typeof content === 'string' ? content : `${content.join('\n')}\n`;
};
const names = Object.keys(small) as (keyof typeof small)[];
const packed = names.map((name) => ({ path: `export/${name}`, text: text(name) }));

function put(name: string, content: Buffer): string {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
}

describe('an archive', () => {
  test.each([
    ['x.zip', () => zip([{ path: 'export/', text: '', stored: true }, { path: '__MACOSX/export/._deals.csv', text: '?' }, { path: 'export/truth/deals.csv', text: 'hidden' }, ...packed])],
    ['stored.zip', () => zip(packed.map((file) => ({ ...file, stored: true })))],
    ['x.tar.gz', () => gzipSync(tar([{ path: 'export/', text: '', type: '5' }, ...packed]))],
    ['x.tgz', () => gzipSync(tar([{ path: 'x', text: '28 path=export/deals.csv\n\n', type: 'x' }, { ...packed.find(({ path }) => path.endsWith('deals.csv'))!, path: 'short' }, ...packed.filter(({ path }) => !path.endsWith('deals.csv'))]))],
  ] as const)('%s is imported as its folder, and known again', async (name, make) => {
    const path = put(name, make());
    const store = openStore(join(scratch(), 'x.db'));
    for (const accepted of [23, 0]) {
      const { bundle, close } = await openBundle(path, { source: 'csv' });
      const report = await importBundle(store, bundle, { source: 'crm', at: IMPORTED, dryRun: false });
      close();
      expect(report.total).toMatchObject({ accepted, rejected: 0 });
      expect(bundle.tables.every(({ identity }) => identity!.includes(path))).toBe(true);
    }
    store.close();
  }); // biome-ignore format: a table

  test('one packed file, or one plain file, is a folder of it', async () => {
    for (const [name, content] of [
      ['deals.csv.gz', gzipSync(text('deals.csv'))],
      ['deals.csv', Buffer.from(text('deals.csv'))],
    ] as const) {
      // biome-ignore format: two
      const { folder, close } = await unpacked(put(name, content));
      expect(readFileSync(join(folder, 'deals.csv'), 'utf8')).toBe(text('deals.csv'));
      close();
      expect(existsSync(folder)).toBe(false);
    }
    const folder = scratch();
    mkdirSync(join(folder, 'a.zip'));
    expect((await unpacked(join(folder, 'a.zip'))).folder).toBe(join(folder, 'a.zip'));
  });

  const zeros = Buffer.alloc(80 * 1024 ** 2);
  test.each([
    ['archive-path', 'up.zip', () => zip([{ path: '../deals.csv', text: 'x' }])],
    ['archive-path', 'root.zip', () => zip([{ path: '/etc/deals.csv', text: 'x' }])],
    ['archive-path', 'dos.zip', () => zip([{ path: 'c:\\deals.csv', text: 'x' }])],
    ['archive-path', 'up.tgz', () => gzipSync(tar([{ path: 'a/../../deals.csv', text: 'x' }]))],
    ['archive-names', 'two.zip', () => zip([{ path: 'a/deals.csv', text: 'x' }, { path: 'a/./deals.csv', text: 'y' }])],
    ['archive-link', 'link.zip', () => zip([{ path: 'deals.csv', text: '/etc/passwd', mode: 0o120777 }])],
    ['archive-link', 'link.tgz', () => gzipSync(tar([{ path: 'deals.csv', text: '', type: '2' }]))],
    ['archive-unsupported', 'secret.zip', () => zip([{ path: 'deals.csv', text: 'x', flags: 1 }])],
    ['archive-broken', 'crc.zip', () => zip([{ path: 'deals.csv', text: 'x', crc: 7 }])],
    ['archive-broken', 'cut.zip', () => zip(packed).subarray(0, 900)],
    ['archive-broken', 'cut.tgz', () => gzipSync(tar(packed)).subarray(0, 300)],
    ['archive-broken', 'cut.csv.gz', () => gzipSync(text('deals.csv')).subarray(0, 60)],
    ['archive-broken', 'not.tar.gz', () => gzipSync('hello '.repeat(200))],
    ['archive-too-large', 'bomb.zip', () => zip([{ path: 'deals.csv', text: zeros }])],
    ['archive-too-large', 'bomb.csv.gz', () => gzipSync(zeros)],
    ['archive-too-large', 'many.tgz', () => gzipSync(tar(Array.from({ length: 1001 }, (_, i) => ({ path: `${i}.csv`, text: '' }))))],
  ] as const)('%s: %s is refused, and nothing of it is left', async (code, name, make) => {
    const path = put(name, make());
    const temporary = scratch();
    vi.stubEnv('TMPDIR', temporary);
    await expect(unpacked(path)).rejects.toMatchObject({ code, blame: 'request' });
    vi.unstubAllEnvs();
    expect(readdirSync(temporary)).toEqual([]);
  }); // biome-ignore format: a table
});

test('what is wrong is said of the archive, never of the folder that it was unpacked to', async () => {
  const folder = scratch();
  const path = join(folder, 'export.zip');
  const open = () => openBundle(path, { source: 'csv' });
  writeFileSync(path, zip([{ path: 'a/x.csv', text: 'id\n' }, { path: 'b/x.csv', text: 'id\n' }])); // biome-ignore format: one call
  await expect(open()).rejects.toMatchObject({ code: 'bundle-empty', message: expect.stringMatching(new RegExp(`^${path} has none of`)) }); // biome-ignore format: one check
  // So far down that it is met while rows are read, not with the header.
  const many = Array.from({ length: 50_000 }, (_, i) => `D${i},deal\n`).join('');
  writeFileSync(path, zip([{ path: 'deals.csv', text: Buffer.concat([Buffer.from(`id,name\n${many}D,`), Buffer.from([0xa1, 0x0a])]) }])); // biome-ignore format: one call
  const { bundle, close } = await open();
  const read = async () => {
    for await (const _ of bundle.tables[0]!.rows());
  };
  await expect(read()).rejects.toMatchObject({ code: 'encoding-invalid', message: expect.stringContaining(`${path}/deals.csv line 50002`) }); // biome-ignore format: one check
  close();
});

test('a path at which nothing is, or something else, is said to be that', async () => {
  const folder = scratch();
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'x');
  await expect(openBundle(text, { source: 'csv' })).rejects.toThrow(/neither a folder nor an archive \(\.zip/);
  await expect(openBundle(join(folder, 'nowhere'), { source: 'csv' })).rejects.toThrow(/there is no .*nowhere/);
});
