export { type PairedDifference, pairedDifference } from '../src/stats/pairedDifference.ts';
