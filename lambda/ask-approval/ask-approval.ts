import { type SettlePorts, saveQuestion, settle } from '../approve/settle';
import type { ApprovalSpec } from '../core/approval';
import { recorded, recordOnce } from '../core/record-once';
import type { WaitingTask } from '../core/waiting';

export interface AskInput extends WaitingTask {
  readonly run: string;
  readonly generation: number;
  /** Name of the stage. */
  readonly stage: string;
  readonly approval: ApprovalSpec;
}

/**
 * Asks for the approval of a stage. What was decided already, before a task that broke off was called again, counts.
 * @throws LeaseLost
 */
export async function askApproval(
  ports: SettlePorts,
  { run, generation, stage, approval, token, entered, attempt }: AskInput,
): Promise<void> {
  const { ledger } = ports;
  const { approvers, atLeast, separate } = approval;
  await ledger.hold(generation);
  const starter = separate ? (await recorded(ledger, run, 'begun'))?.who : undefined;
  const spec = { approvers, atLeast, ...(separate ? { separate } : {}) };
  if (!(await saveQuestion(ledger, { run, stage, ...spec, ...(starter ? { starter } : {}), token, entered, attempt }))) return;
  await recordOnce(ledger, run, 'approval-asked', { stage, ...spec }, (event) => event.data.stage === stage);
  await settle(ports);
}
