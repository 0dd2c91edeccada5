import { random } from '../../src/random.ts';
import { hasher, type Language, PLACES } from '../../src/text/hashing.ts';
import { type LinearReader, softmax } from '../../src/text/linear.ts';
import { readable } from '../../src/text/normalise.ts';

/** A message and what a person said it is: the place of its class. */
export interface Labelled {
  readonly text: string;
  readonly label: number;
}

export interface LinearSettings {
  readonly rounds: number;
  /** The weights given are the mean of those after each round from this one on, the first being 0. */
  readonly averageFrom: number;
  readonly rate: number;
  readonly l2: number;
}

/** Chosen on training data of both languages: Wisesight's own validation part, and folds of the food reviews' training part. */
export const linearSettings: LinearSettings = { rounds: 6, averageFrom: 3, rate: 0.1, l2: 1e-6 };

/** A fitted reader, and in how many of the messages each place was. */
export interface TrainedReader {
  readonly reader: LinearReader;
  readonly seen: Int32Array;
}

/**
 * Multinomial logistic regression on hashed words and letters by AdaGrad (Duchi, Hazan and Singer 2011, diagonal form):
 * w -= rate g / sqrt(sum of g^2 so far + 1e-6), one message at a time in an order drawn anew each round, with the
 * gradient g = value (p - y) + l2 w on the places that the message has; the weights of the later rounds are averaged
 * (Polyak). The same messages and seed give the same weights to the bit on one version of ICU, which segments words.
 *
 * Cost: messages x features x classes x rounds; 24,000 messages of 290 features and 4 classes take some 10 s of a core.
 */
export function trainLinear(
  language: Language,
  classes: readonly string[],
  rows: readonly Labelled[],
  settings: LinearSettings,
  seed: number,
): TrainedReader {
  const { places, values, seen } = hashAll(language, rows);
  const k = classes.length;
  const weights = new Float32Array(PLACES * k);
  const squares = new Float32Array(PLACES * k);
  const bias = new Float64Array(k);
  const biasSquares = new Float64Array(k);
  const meanWeights = new Float64Array(PLACES * k);
  const meanBias = new Float64Array(k);
  const gradient = new Float64Array(k);
  const order = Int32Array.from(rows.keys());
  const draw = random(seed);
  const averaged = settings.rounds - settings.averageFrom;

  for (let round = 0; round < settings.rounds; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = draw.below(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    for (const row of order) step(places[row]!, values[row]!, rows[row]!.label);
    if (round < settings.averageFrom) continue;
    for (let i = 0; i < weights.length; i++) meanWeights[i]! += weights[i]! / averaged;
    for (let c = 0; c < k; c++) meanBias[c]! += bias[c]! / averaged;
  }
  const reader = {
    language,
    classes,
    bias: meanBias,
    weights: Float32Array.from(meanWeights),
    unit: new Float64Array(k).fill(1),
  };
  return { reader, seen };

  function step(at: Int32Array, value: Float32Array, label: number): void {
    gradient.set(bias);
    for (let i = 0; i < at.length; i++) {
      const row = at[i]! * k;
      for (let c = 0; c < k; c++) gradient[c]! += value[i]! * weights[row + c]!;
    }
    softmax(gradient);
    gradient[label]! -= 1;
    for (let c = 0; c < k; c++) {
      biasSquares[c]! += gradient[c]! ** 2;
      bias[c]! -= (settings.rate * gradient[c]!) / Math.sqrt(biasSquares[c]! + 1e-6);
    }
    for (let i = 0; i < at.length; i++) {
      const row = at[i]! * k;
      for (let c = 0; c < k; c++) {
        const g = gradient[c]! * value[i]! + settings.l2 * weights[row + c]!;
        const sum = (squares[row + c]! += g * g);
        weights[row + c]! -= (settings.rate * g) / Math.sqrt(sum + 1e-6);
      }
    }
  }
}

function hashAll(language: Language, rows: readonly Labelled[]) {
  const hash = hasher(language);
  const seen = new Int32Array(PLACES);
  const places: Int32Array[] = [];
  const values: Float32Array[] = [];
  for (const { text } of rows) {
    const hashed = hash(readable(text));
    places.push(hashed.places.slice(0, hashed.size));
    values.push(hashed.values.slice(0, hashed.size));
    for (const place of places.at(-1)!) seen[place]!++;
  }
  return { places, values, seen };
}
