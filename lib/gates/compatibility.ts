import { requireWhole } from '../private/refuse';
import type { CompatibilityOptions } from './gate-options';
import type { GateParts } from './gate-parts';

/** Items of the legacy table that have to fit the transform. */
export function compatibilityGate({ sample = 1000, observeOnly = false }: CompatibilityOptions): GateParts {
  requireWhole('Gate.compatibility()', 'sample', sample, 1, 100_000);
  return { id: 'compatibility', compatibility: { sample, observeOnly } };
}
