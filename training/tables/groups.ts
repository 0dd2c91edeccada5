import type { LinearHazards } from '../../models/linearHazards.ts';
import type { NetworkShape, NetworkWeights } from '../../models/network.ts';
import type { Trees } from '../../models/trees.ts';

/** One learner of the mixture, as one part or as the mean of several. */
export interface Group {
  readonly name: string;
  readonly parts: readonly (
    | { readonly kind: 'constant'; readonly p: Float64Array }
    | { readonly kind: 'linear'; readonly model: LinearHazards }
    | { readonly kind: 'network'; readonly shape: NetworkShape; readonly weights: NetworkWeights }
    | { readonly kind: 'trees'; readonly trees: Trees }
  )[];
  /** Probabilities by learners that had not seen the row: rows x bins x (causes + 1); only held-out rows count. */
  readonly unseen: Float64Array;
}
