import type { Ledger } from '../core/ledger';
import { recordOnce } from '../core/record-once';
import { observationsOf } from '../observe/observe';

export interface EvidenceEvent {
  readonly run: string;
  readonly generation: number;
  readonly stage: number | string;
  /** What the workflow has about the stage, such as its last observation. */
  readonly result?: unknown;
}

/** Records that a stage was passed, once, with what was observed. @throws LeaseLost */
export async function evidence(
  ledger: Ledger,
  { run, generation, stage, result }: EvidenceEvent,
): Promise<Record<string, never>> {
  await ledger.hold(generation);
  const observed = await observationsOf({ ledger }, run, stage);
  await recordOnce(ledger, run, 'stage-passed', { stage, generation, observed, result }, (event) => event.data.stage === stage);
  return {};
}
