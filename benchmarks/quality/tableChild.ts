import { readFileSync, writeFileSync } from 'node:fs';
import { readTable } from '../../src/connectors/table.ts';
import { naiveBayes } from '../peers/naiveBayes.ts';
import { type PeerSchema, peerFrames } from '../peers/peerTable.ts';
import { tunedRidge } from '../peers/tunedRidge.ts';
import { binaryTarget } from './inferFrame.ts';

/**
 * A peer of our own language in a process of its own, so that its time and memory are its own:
 * tableChild.ts QUESTION.json ANSWER.json. The question names files of training and test rows and the method.
 */
export interface ChildQuestion {
  readonly method: 'ridge' | 'naiveBayes';
  readonly train: string;
  readonly test: string;
  readonly schema: PeerSchema;
}

const methods = { ridge: tunedRidge, naiveBayes };

const [question, answer] = process.argv.slice(2);
const { method, train, test, schema } = JSON.parse(readFileSync(question!, 'utf8')) as ChildQuestion;
const tables = { train: await readTable(train), test: await readTable(test) };
const { event } = binaryTarget(tables.train, schema.target);
const started = Date.now();
const frames = peerFrames(tables.train, tables.test, schema);
const p = methods[method](frames.train, event, frames.test);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
writeFileSync(
  answer!,
  JSON.stringify({
    p: Array.from(p),
    fitSeconds: (Date.now() - started) / 1000,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    peakMb: Math.round(maxRSS / 1024),
  }),
);
