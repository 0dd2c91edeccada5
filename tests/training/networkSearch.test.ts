import { expect, test } from 'vitest';
import { fitCandidates } from '../../training/fitCandidates.ts';
import { toyProfile, toyRows, toyTask } from '../contract/states.ts';

const rows = toyRows(160, 5);
const network = (state: Awaited<ReturnType<typeof fitted>>) => state.states.get('network')!.network;
const fitted = (searchLeft?: () => number, settings = toyProfile.network) =>
  fitCandidates(rows, toyTask, { ...toyProfile, network: settings, ...(searchLeft ? { searchLeft } : {}) }, 3, ['network'], undefined); // biome-ignore format: one call

test('a search of the network’s settings finds some, and they alone give the same network again', async () => {
  let asked = 0;
  const searched = await fitted(() => (asked++ < 40 ? 1 : 0));
  expect(asked).toBe(1 + 9 + 3); // whether there is time at all, then before each of nine and of the best three
  const found = searched.plan.network!;
  expect(found).toMatchObject({ epochs: toyProfile.network.epochs, patience: toyProfile.network.patience });
  const again = await fitted(undefined, found);
  expect(again.plan).toEqual({ penalties: {}, epochs: searched.plan.epochs, networkSeed: searched.plan.networkSeed });
  expect(network(again)).toEqual(network(searched));
  const planned = await fitCandidates(rows, toyTask, toyProfile, 3, ['network'], searched.plan);
  expect(network(planned)!.shape).toEqual(network(searched)!.shape);
});

test('without time left nothing is tried, and the settings are those that were asked for', async () => {
  const none = await fitted(() => 0);
  expect(none.plan).not.toHaveProperty('network');
  expect(network(none)).toEqual(network(await fitted()));
  let asked = 0;
  const short = await fitted(() => (asked++ < 3 ? 1 : 0)); // over while the first rung is walked
  expect(short.plan.network).toBeDefined();
});
