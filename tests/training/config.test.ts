import { describe, expect, test } from 'vitest';
import { readTrainConfig } from '../../training/config.ts';
import { profiles } from '../../training/profiles.ts';
import { changedProfile } from '../../training/runRecord.ts';

describe('a training written down', () => {
  test('what stands there is taken, and a profile is changed only where it says so', () => {
    const config = readTrainConfig(
      {
        model: 'deal',
        until: '2026-07-01',
        profile: 'fast',
        seed: 3,
        changes: { maxBins: 6, network: { epochs: 60 } },
      },
      'x.yaml',
    );
    const profile = changedProfile(profiles.fast, config.changes!);
    expect(profile).toEqual({ ...profiles.fast, maxBins: 6, network: { ...profiles.fast.network, epochs: 60 } });
    expect(readTrainConfig(undefined, 'x.yaml')).toEqual({});
  });

  test.each([
    [{ profil: 'fast' }, 'train: '],
    [{ profile: 'heroic' }, 'train.profile'],
    [{ until: 'yesterdayish' }, 'train.until'],
    [{ seed: -1 }, 'train.seed'],
    [{ changes: { network: { epochs: 0 } } }, 'train.changes.network.epochs'],
    [{ changes: { width: 3 } }, 'train.changes'],
  ])('%j is refused, and the place named', (given, place) => {
    expect(() => readTrainConfig(given, 'x.yaml')).toThrow(place);
    expect(() => readTrainConfig(given, 'x.yaml')).toThrow(/x\.yaml.*train takes model, until, profile, seed/);
  });
});
