import { refusal, requireWhole } from '../private/refuse';
import type { QueriesOptions } from './gate-options';
import type { GateParts } from './gate-parts';

const OWNER = 'Gate.queries()';

/** Queries of the application that have to have one answer on both sides. */
export function queriesGate(names: string[], { sample = 100, observeOnly = false }: QueriesOptions): GateParts {
  if (names.length === 0) throw refusal(OWNER, 'names', 'must hold at least one', names.length);
  names.forEach((name, index) => {
    if (name === '') throw refusal(OWNER, `names[${index}]`, 'must be a name of queries in the transform', name);
    if (names.indexOf(name) !== index) throw refusal(OWNER, `names[${index}]`, 'must not be there twice', name);
  });
  requireWhole(OWNER, 'sample', sample, 1, 1000);
  return { id: 'queries', queries: { names, sample, observeOnly } };
}
