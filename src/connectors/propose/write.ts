import { stringify } from 'yaml';
import { parseMap } from '../map.ts';
import type { Proposal, ProposedRecord } from './propose.ts';

/**
 * A proposal as the text of a map, each value with how sure it is; what a person must look at stands at the top.
 * The text is read back before it is given: a map that `--map` would refuse is a fault of ours, and fails.
 */
export function proposalText(proposal: Proposal, name: string, path: string): string {
  const { files, stages, records, doubts, encoding, delimiter, isThai } = proposal;
  const head = [
    '# A draft: proposed from the names of files and headers and the first rows of each. Nothing was imported.',
    '# Check what is marked likely or unsure, mend it, then: foresell import FOLDER --map THIS --dry-run',
    ...(doubts.length ? ['#', '# To look at:', ...doubts.map((doubt) => `# - ${oneLine(doubt)}`)] : []),
    `name: ${name}`,
    isThai
      ? 'settings: { time_zone: Asia/Bangkok, base_currency: THB, languages: [th, en] } # likely: Thai was found'
      : '# settings: { name: ..., time_zone: Asia/Bangkok, base_currency: THB }   say yours; else company.json or the database does',
    ...(encoding === undefined ? [] : [`encoding: ${encoding}`]),
    ...(delimiter === undefined ? [] : [`delimiter: ${flow(delimiter === '\t' ? 'tab' : delimiter)}`]),
    'files:',
    ...files.map((file) => `  ${file.name}: ${flow(file.file)}`),
  ];
  const steps = stages.map(({ stage, rank, kind, sureness }) => `  - ${flow({ stage, rank, kind })} # ${sureness}`);
  const text = [
    ...head,
    ...(steps.length ? ['stages:', ...steps] : []),
    'records:',
    ...records.flatMap(recordText),
    '',
  ].join('\n');
  parseMap(text, path);
  return text;
}

function recordText({ kind, from, group, sureness, columns, unused }: ProposedRecord): string[] {
  const value = (of: Readonly<Record<string, unknown>>) =>
    flow(Object.keys(of).length === 1 && typeof of['column'] === 'string' ? of['column'] : of);
  return [
    `  - kind: ${kind} # ${sureness}`,
    `    from: ${from}`,
    ...(group === undefined ? [] : [`    group: ${flow(group)}`]),
    '    columns:',
    ...columns.map((one) => `      ${one.column}: ${value(one.value)} # ${one.sureness}`),
    ...(unused.length ? [`      # not taken: ${oneLine(unused.slice(0, 20).join(', '))}${unused.length > 20 ? ' ...' : ''}`] : []), // biome-ignore format: one choice
  ];
}

const flow = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd();

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
