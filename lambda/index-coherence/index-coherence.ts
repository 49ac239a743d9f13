import { type DifferencesInput, type DifferencesPorts, type DifferencesResult, differences } from '../differences/differences';
import { type ReconcileInput, type ReconcileResult, reconcile } from '../reconcile/reconcile';
import { type SketchInput, type SketchPorts, type SketchResult, sketch } from '../sketch/sketch';

/** A database and a model that show the index beside its table. */
export type IndexCoherencePorts = Omit<DifferencesPorts & SketchPorts, 'requirePrompt'>;

/** One step of the comparison of an index with its table, in which nothing is repaired. */
export type IndexCoherenceInput = { readonly index: string } & (
  | (SketchInput & { readonly step: 'sketch' })
  | (DifferencesInput & { readonly step: 'list' })
  | (ReconcileInput & { readonly step: 'compare' })
);

export type IndexCoherenceResult = SketchResult | DifferencesResult | ReconcileResult;

/** An index is behind its table by less than a second as a rule, and what differs is looked at for a minute: no other proof of lag. */
const requirePrompt = async () => {};

/**
 * Compares a global secondary index with its table as two tables are compared: sketches of both, then consistent looks at the table and
 * repeated ones at the index for what differs. Counts nothing that alarms look at: what is found is the gate's own business.
 * @throws LeaseLost, NotMeasured
 */
export async function indexCoherence(ports: IndexCoherencePorts, input: IndexCoherenceInput): Promise<IndexCoherenceResult> {
  const told = { repair: false, observeOnly: true };
  if (input.step === 'sketch') return sketch(ports, input);
  if (input.step === 'list') return differences({ ...ports, requirePrompt }, { ...input, ...told });
  return reconcile({ ...ports, requirePrompt }, { ...input, ...told });
}
