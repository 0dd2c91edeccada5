import { afterEach, expect, test, vi } from 'vitest';
import { commandLine } from '../../benchmarks/commandLine.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const options = { list: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } } as const;

/** What it says, and with which code it ends; the code is absent where it goes on. */
function asked(...args: string[]) {
  const said = { out: '', error: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => !!(said.out += String(text)));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => !!(said.error += String(text)));
  const end = vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`ends with ${code}`);
  });
  try {
    return { ...said, parsed: commandLine('Usage: x\n', options, args) };
  } catch {
    return { ...said, code: end.mock.calls[0]![0] };
  }
}

test('--help is the help, whatever stands beside it', () => {
  for (const args of [['--help'], ['-h'], ['oracle', '--seed', '3', '--help']])
    expect(asked(...args)).toEqual({ out: 'Usage: x\n', error: '', code: 0 });
});

test('what is unknown or lacks its value is named, without a stack', () => {
  const expected = (what: string) => ({ out: '', error: `${what}; --help says what there is\n`, code: 2 });
  expect(asked('--speed')).toEqual(expected("Unknown option '--speed'"));
  expect(asked('--seed')).toEqual(expected("Option '--seed <value>' argument missing"));
});

test('names and options are read', () => {
  const { parsed } = asked('oracle', '--list') as { parsed: ReturnType<typeof commandLine> };
  expect([parsed.positionals, { ...parsed.values }]).toEqual([['oracle'], { list: true, seed: '1' }]);
});
