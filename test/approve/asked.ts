import { type ApproveInput, approve } from '../../lambda/approve/approve';
import { askApproval } from '../../lambda/ask-approval/ask-approval';
import type { ApprovalSpec } from '../../lambda/core/approval';
import { MemoryIdentities } from '../memory/memory-identities';
import { MemoryLedger } from '../memory/memory-ledger';
import { WaitingTasks } from '../memory/waiting-tasks';

export const ENTERED = '2026-11-24T03:00:00Z';
export const SPEC: ApprovalSpec = { approvers: ['dba', 'owner', 'security'], atLeast: 2 };

/** A stage that waits, and those who decide on it. */
export async function asked(tokens = ['token-1']) {
  const ledger = new MemoryLedger(() => 0);
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  const callbacks = new WaitingTasks(new Set(tokens));
  const identities = new MemoryIdentities();
  const ask = (token = 'token-1', stage = 'full', approval = SPEC, attempt = 0) =>
    askApproval({ ledger, callbacks }, { run: 'run-1', generation, stage, approval, token, entered: ENTERED, attempt });
  const decide = (approver: string, more: Partial<ApproveInput> = {}) =>
    approve({ ledger, callbacks, identities, approver }, { stage: 'full', decision: 'approve', reason: 'seen it', ...more });
  return { ledger, callbacks, identities, ask, decide };
}
