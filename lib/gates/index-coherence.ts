import { Token } from 'aws-cdk-lib';
import { refusal } from '../private/refuse';
import type { IndexCoherenceOptions } from './gate-options';
import type { GateParts } from './gate-parts';

/** Amazon DynamoDB Developer Guide, "Supported data types and naming rules in Amazon DynamoDB". */
const INDEX = /^[A-Za-z0-9_.-]{3,255}$/;

/** Longest id of a gate. */
const LONGEST_ID = 60;

/** An index that has to hold what its table says. */
export function indexCoherenceGate(index: string, { observeOnly = false }: IndexCoherenceOptions): GateParts {
  if (!Token.isUnresolved(index) && !INDEX.test(index)) {
    const what = 'must be the name of an index: 3 to 255 letters, digits, underscores, hyphens and dots';
    throw refusal('Gate.indexCoherence()', 'index', what, index);
  }
  return { id: `index ${index}`.slice(0, LONGEST_ID), index: { index, observeOnly } };
}
