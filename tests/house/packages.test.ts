import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

const root = process.cwd();
const json = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
const lock = json<{ readonly lockfileVersion: number; readonly packages: Readonly<Record<string, Entry>> }>(
  'package-lock.json',
);
const manifest = json<{
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}>('package.json');
const entries = Object.entries(lock.packages).filter(([path]) => path !== '');

/** Packages that run something when they are installed, and why that is needed. */
const SCRIPTS = new Map([
  ['@scarf/scarf', 'counts installs for swagger-ui-dist; switched off by scarfSettings in package.json'],
  ['better-sqlite3', 'compiles SQLite where no built file can be fetched'],
  ['esbuild', 'picks the binary of this platform; a tool of development'],
  ['fsevents', 'macOS only, optional: watches files; a tool of development'],
]);

const LICENCES = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'MIT-0', 'Unlicense', 'CC0-1.0', 'BlueOak-1.0.0', 'Python-2.0']); // biome-ignore format: a list

const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

describe('packages', () => {
  test('every entry of the lock file has an integrity and comes from a registry', () => {
    const wrong = entries.filter(
      ([, { integrity, resolved, link }]) =>
        link || !/^sha512-/.test(integrity ?? '') || (resolved !== undefined && !resolved.startsWith('https://')),
    );
    expect(wrong.map(([path]) => path)).toEqual([]);
    expect(lock.lockfileVersion).toBeGreaterThanOrEqual(3);
  });

  test('no dependency is a URL, a folder or a repository', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(ranges.filter(([, range]) => !/^[~^]?\d+(\.\d+)*$/.test(range))).toEqual([]);
  });

  test('only listed packages run install scripts', () => {
    const scripts = entries.filter(([, entry]) => entry.hasInstallScript).map(([path]) => nameOf(path));
    expect([...new Set(scripts)].filter((name) => !SCRIPTS.has(name))).toEqual([]);
  });

  test('every package that is needed to run has a licence that Apache-2.0 can stand beside', () => {
    const needed = entries.filter(([path, entry]) => !entry.dev && existsSync(join(root, path, 'package.json')));
    const licences = needed.map(([path]) => {
      const { license } = json<{ readonly license?: string | { readonly type: string } }>(join(path, 'package.json'));
      return { path, licence: typeof license === 'object' ? license.type : license };
    });
    const any = (licence: string) =>
      licence
        .replace(/[()]/g, '')
        .split(' OR ')
        .some((one) => one.split(' AND ').every((part) => LICENCES.has(part)));
    expect(licences.length).toBeGreaterThan(20);
    expect(licences.filter(({ licence }) => !licence || !any(licence))).toEqual([]);
  });

  test('every package that is needed to run is imported by a module', () => {
    const folders = ['src', 'features', 'models', 'training', 'api', 'datasets', 'bin'];
    const source = folders
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, String(file))),
      )
      .filter((file) => /\.m?ts$|\.mjs$/.test(file))
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');
    const wanted = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependenciesMeta)];
    expect(wanted.filter((name) => !new RegExp(`['"]${name}(/[^'"]*)?['"]`).test(source))).toEqual([]);
  });

  test('optional packages are said to be optional, in the README too', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const [name, { optional }] of Object.entries(manifest.peerDependenciesMeta)) {
      expect(optional).toBe(true);
      expect(readme).toContain(name);
    }
  });
});
