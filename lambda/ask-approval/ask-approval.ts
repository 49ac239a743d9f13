import { questionOf, type SettlePorts, saveQuestion, settle } from '../approve/settle';
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
  /** How often the task was tried before. */
  readonly attempt: number;
}

/**
 * Asks for the approval of a stage. What was decided already, before a task that broke off was called again, counts.
 * @throws LeaseLost
 */
export async function askApproval(
  ports: SettlePorts,
  { run, generation, stage, approval, token, attempt }: AskInput,
): Promise<void> {
  const { ledger } = ports;
  const { approvers, atLeast } = approval;
  await ledger.hold(generation);
  const known = await questionOf(ledger);
  // A try that was given up may come late: its token is nobody's any more.
  if (known?.run === run && known.stage === stage && known.attempt > attempt) return;
  await saveQuestion(ledger, { run, stage, approvers, atLeast, token, attempt });
  await recordOnce(ledger, run, 'approval-asked', { stage, approvers, atLeast }, (event) => event.data.stage === stage);
  await settle(ports);
}
