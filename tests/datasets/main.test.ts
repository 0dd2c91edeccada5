import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { generateCommand } from '../../bin/commands/generate.ts';
import { verify, writeBundle } from '../../datasets/main.ts';
import { simulate } from '../../datasets/synthetic.ts';
import { inside } from '../cli/inside.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'foresell-datasets-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

describe('writing a bundle', () => {
  it('writes the records and the truth beside them, and replaces an earlier sample', () => {
    const out = join(dir, 'sample');
    const sim = simulate({ deals: 10, seed: 1, scenario: 'tiny' });
    writeBundle(out, sim, { truth: 2 });
    expect(existsSync(join(out, 'truth', 'hazards.csv'))).toBe(true);
    const first = readFileSync(join(out, 'activities.csv'), 'utf8');
    writeBundle(out, sim, { truth: 0 });
    expect(existsSync(join(out, 'truth'))).toBe(false);
    expect(readFileSync(join(out, 'activities.csv'), 'utf8')).toBe(first);
    expect(existsSync(`${out}.writing`)).toBe(false);
  });

  it('leaves a folder of somebody else alone', () => {
    const out = join(dir, 'mine');
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.txt'), 'years of work');
    expect(() => writeBundle(out, simulate({ deals: 3, seed: 1 }))).toThrow(/something other than a sample company/);
    expect(readFileSync(join(out, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('leaves what somebody put beside a sample, as the database of it', () => {
    const out = join(dir, 'sample');
    const sim = simulate({ deals: 3, seed: 1 });
    writeBundle(out, sim, { truth: 0 });
    writeFileSync(join(out, 'sample.db'), 'scores');
    expect(() => writeBundle(out, sim, { truth: 0 })).toThrow(
      /sample\.db beside a sample company, which would be lost/,
    );
    expect(readFileSync(join(out, 'sample.db'), 'utf8')).toBe('scores');
  });

  it('takes neither a file nor an empty name for a folder', () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    for (const out of [file, ''])
      expect(() => writeBundle(out, { deals: 3, seed: 1 })).toThrow(
        expect.objectContaining({ code: 'file-unwritable' }),
      );
  });
});

describe('generate', () => {
  it.each(['2026-02-30', '20261116', '2569-11-16', 'monday'])(
    'refuses --end %s before anything is made',
    async (end) => {
      const out = join(dir, 'ended');
      const ran = await inside('generate', '--out', out, '--deals', '3', '--end', end);
      expect([ran.code, ran.err, existsSync(out)]).toEqual([2, expect.stringContaining('expected a date'), false]);
    },
  );

  it('prints one JSON document and nothing else', async () => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    const out = join(dir, 'tiny');
    await generateCommand().parseAsync(['--out', out, '--scenario', 'tiny', '--json', '--quiet', '--no-truth'], {
      from: 'user',
    });
    const summary = JSON.parse(lines.join('')) as Record<string, unknown>;
    expect(summary).toMatchObject({ deals: 30, scenario: 'tiny', seed: 1, to: '2026-11-16' });
    expect(Number(summary['won']) + Number(summary['lost']) + Number(summary['open'])).toBe(30);
  });

  it('refuses an unknown scenario and a number of deals that is none', async () => {
    const run = (args: string[]) =>
      generateCommand()
        .exitOverride()
        .configureOutput({ writeErr: () => {} })
        .parseAsync(['--out', dir, ...args], { from: 'user' });
    await expect(run(['--scenario', 'stormy'])).rejects.toThrow(/calm, drift, null, tiny/);
    await expect(run(['--deals', 'many'])).rejects.toThrow(/whole number/);
  });
});

describe('verify', () => {
  it('says why it skips', async () => {
    expect((await verify(undefined)).skipped).toMatch(/FORESELL_DATA is not set/);
    expect((await verify(dir)).skipped).toMatch(/MANIFEST.sha256 is not there/);
  });

  it('finds what differs and what is missing', async () => {
    const of = (text: string) => createHash('sha256').update(text).digest('hex');
    writeFileSync(join(dir, 'good.csv'), 'a');
    writeFileSync(join(dir, 'changed.csv'), 'b');
    writeFileSync(
      join(dir, 'MANIFEST.sha256'),
      `${of('a')}  ./good.csv\n${of('a')}  ./changed.csv\n${of('a')}  ./gone.csv\n`,
    );
    expect(await verify(dir)).toEqual({ checked: 3, wrong: ['./changed.csv', './gone.csv'], skipped: null });
  });
});
