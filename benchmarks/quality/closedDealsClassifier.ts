import { featuresOf } from '../../features/hash.ts';
import { encode } from '../../models/encode.ts';
import { fitEncoder } from '../../models/fitEncoder.ts';
import type { Frame } from '../../src/frame.ts';
import { ridgeLogistic } from '../../src/optim/ridgeLogistic.ts';
import { subjects } from '../../src/subjects/index.ts';
import type { Instant } from '../../src/time.ts';
import type { FactSource } from '../../src/world.ts';
import { takeLandmarkRows, trainingRows } from '../../training/landmarkRows.ts';

/**
 * A classifier of won against lost, trained on looks at deals that were closed by `until`: what data science usually
 * does first. Ridge logistic on standardised numbers and one-hot words.
 */
export function closedDealsClassifier(source: FactSource, until: Instant): (frame: Frame) => number[] {
  const data = trainingRows(source, subjects.deal, featuresOf('deal', source.company), until);
  const closed = takeLandmarkRows(data, data.outcomes.flatMap((outcome, row) => (outcome.cause ? [row] : []))); // biome-ignore format: one call
  const success = closed.outcomes.map((outcome) => Number(outcome.cause!.positive));
  const outcomes = {
    entity: closed.X.ids,
    success: Float64Array.from(success),
    knownAt: Float64Array.from(closed.outcomes, (outcome) => outcome.knownAt),
  };
  const encoder = fitEncoder(closed.X, outcomes, {
    numbers: 'standard',
    units: new Set(closed.X.ids).size,
    maxBins: 8,
  });
  const x = encode(encoder, closed.X, outcomes);
  const { coefficients, intercept } = ridgeLogistic(Float64Array.from(x), encoder.width, success, { C: 0.01 });
  return (frame) => {
    const rows = encode(encoder, frame);
    return frame.ids.map((_, i) => {
      let z = intercept;
      for (let j = 0; j < encoder.width; j++) z += rows[i * encoder.width + j]! * coefficients[j]!;
      return 1 / (1 + Math.exp(-z));
    });
  };
}
