import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkAppendable, checkOutputs } from '../../bin/checkOutputs.ts';
import { writerFor } from '../../bin/out.ts';
import { openOut, writeWhole } from '../../bin/outFile.ts';
import { scratch } from '../src/store/scratch.ts';

const text = (file: string) => readFileSync(file, 'utf8');
const caught = (work: () => void) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

test('the target of a link is replaced, also one that is not there yet, and the link stays', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'real'));
  const [target, link, unborn] = [join(folder, 'real', 'a.csv'), join(folder, 'link.csv'), join(folder, 'unborn.csv')];
  writeFileSync(target, 'before');
  symlinkSync(join('real', 'a.csv'), link);
  symlinkSync(join('real', 'b.csv'), unborn);
  writeWhole(link, ['one ', 'two']);
  writeWhole(unborn, 'three');
  expect([text(target), text(join(folder, 'real', 'b.csv'))]).toEqual(['one two', 'three']);
  for (const path of [link, unborn]) expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readdirSync(join(folder, 'real'))).toEqual(['a.csv', 'b.csv']);
});

test('what stops half-way leaves what was there', () => {
  const file = join(scratch(), 'a.csv');
  writeFileSync(file, 'before');
  const pieces = function* () {
    yield 'half';
    throw new Error('stopped');
  };
  expect(() => writeWhole(file, pieces())).toThrow('stopped');
  const out = openOut(file);
  out.write('half');
  out.drop();
  expect(text(file)).toBe('before');
  expect(() => text(`${file}.part`)).toThrow('ENOENT');
});

test.skipIf(process.platform === 'win32')('a pipe gets every piece and stays a pipe', async () => {
  const folder = scratch();
  const [pipe, got] = [join(folder, 'pipe.csv'), join(folder, 'got')];
  execFileSync('mkfifo', [pipe]);
  checkOutputs({ '--out': pipe });
  const reader = spawn('sh', ['-c', 'exec cat "$0" > "$1"', pipe, got]);
  const write = writerFor(pipe, {});
  await write([{ id: 'csv:1', asOf: 0, cells: { p: 0.5 }, json: {} }]);
  expect(lstatSync(pipe).isFIFO()).toBe(true);
  if (reader.exitCode === null) await once(reader, 'exit');
  expect(text(got)).toBe('id,as_of,p\ncsv:1,1970-01-01T00:00:00.000Z,0.5\n');
  expect(readdirSync(folder).sort()).toEqual(['got', 'pipe.csv']);
});

test('a folder, an empty name and a missing folder are refused by name of the option, and nothing is left', () => {
  const folder = scratch();
  writeFileSync(join(folder, 'a.csv'), '');
  symlinkSync('loop.csv', join(folder, 'loop.csv'));
  const refused: [string, RegExp][] = [
    [folder, /--report .*: is a folder where a file is expected; name a file in it/],
    ['', /--report '': an empty name; name a file to write to/],
    [join(folder, 'none', 'a.csv'), /there is no folder .*none; make it first/],
    [`${join(folder, 'none')}/`, /names a folder where a file is expected/],
    [join(folder, 'a.csv', 'b.csv'), /ENOTDIR/],
    [join(folder, 'loop.csv'), /ELOOP/],
  ];
  for (const [file, message] of refused) {
    const error = caught(() => checkOutputs({ '--out': join(folder, 'new.csv'), '--report': file }));
    expect(error).toMatchObject({ code: 'file-unwritable', blame: 'request', path: '--report' });
    expect((error as Error).message).toMatch(message);
    expect(caught(() => writeWhole(file, ''))).toMatchObject({ code: 'file-unwritable', path: '--out' });
  }
  mkdirSync(join(folder, 'x.csv'));
  expect(caught(() => writerFor(join(folder, 'x.csv'), {}))).toMatchObject({ code: 'file-unwritable' });
  expect(caught(() => checkAppendable(folder))).toMatchObject({ code: 'file-unwritable' });
  expect(readdirSync(folder).sort()).toEqual(['a.csv', 'loop.csv', 'x.csv']);
});

test('one file under two options is refused however it is named, also one that is written beside the other', () => {
  const folder = scratch();
  const at = (name: string) => join(folder, name);
  writeFileSync(at('own.csv'), 'mine');
  writeFileSync(at('out.csv.part'), 'mine');
  symlinkSync('own.csv', at('link.csv'));
  symlinkSync('.', at('here'));
  const same = (outputs: Record<string, string>, inputs: Record<string, string> = {}) =>
    expect(caught(() => checkOutputs(outputs, inputs))).toMatchObject({ code: 'file-same', blame: 'request' });
  same({ '--out': at('own.csv') }, { '--data': at('own.csv') });
  same({ '--out': at('link.csv') }, { '--data': at('own.csv') });
  same({ '--out': at('own.csv') }, { '--data': at('link.csv') });
  same({ '--out': at('new'), '--report': at('here/new') });
  same({ '--out': at('out.csv') }, { '--data': at('out.csv.part') });
  const error = caught(() => checkOutputs({ '--out': at('link.csv') }, { '--model': at('own.csv') })) as Error;
  expect(error.message).toMatch(/^--out .*link\.csv would overwrite .*own\.csv, the file of --model; name another for --out$/); // biome-ignore format: one check
  expect(text(at('own.csv')) + text(at('out.csv.part'))).toBe('minemine');
  expect(caught(() => checkOutputs({ '--out': at('a'), '--report': at('b') }, { '--data': at('own.csv') }))).toBe(undefined); // biome-ignore format: one check
});
