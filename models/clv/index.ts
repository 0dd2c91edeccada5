export {
  CLV_LEVEL,
  type ClvAsk,
  type ClvEstimate,
  type ClvModel,
  type ClvWarning,
  type CustomerHistory,
  estimateClv,
  fitClv,
} from './clv.ts';
export { bgNbdLaw, fitLaw, type LawKind, lawKinds, type PurchaseLaw, paretoNbdLaw } from './laws.ts';
export { type Customer, customerOf, type Purchase, type Purchases, purchaseTable } from './purchases.ts';
export { type Rfm, type RfmCuts, rfmCuts, rfmOf, type Segment, segmentOf } from './segments.ts';
