import { type SettlePorts, saveQuestion, settle } from '../approve/settle';
import type { ApprovalSpec } from '../core/approval';
import { recordOnce } from '../core/record-once';

export interface AskInput {
  readonly run: string;
  readonly generation: number;
  /** Name of the stage. */
  readonly stage: string;
  readonly approval: ApprovalSpec;
  /** Token of the task that waits. */
  readonly token: string;
}

/**
 * Asks for the approval of a stage. What was decided already, before a task that broke off was called again, counts.
 * @throws LeaseLost
 */
export async function askApproval(ports: SettlePorts, { run, generation, stage, approval, token }: AskInput): Promise<void> {
  const { ledger } = ports;
  const { approvers, atLeast } = approval;
  await ledger.hold(generation);
  await saveQuestion(ledger, { run, stage, approvers, atLeast, token });
  await recordOnce(ledger, run, 'approval-asked', { stage, approvers, atLeast }, (event) => event.data.stage === stage);
  await settle(ports);
}
