import { type ApproveInput, approve } from '../../lambda/approve/approve';
import { askApproval } from '../../lambda/ask-approval/ask-approval';
import type { ApprovalSpec } from '../../lambda/core/approval';
import type { Callbacks } from '../../lambda/core/control';
import { MemoryLedger } from '../memory/memory-ledger';

export const SPEC: ApprovalSpec = { approvers: ['dba', 'owner', 'security'], atLeast: 2 };

/** Tasks that wait, and what they were answered. */
class Waiting implements Callbacks {
  readonly answers: string[] = [];
  constructor(private readonly tokens: Set<string>) {}

  async succeed(token: string, output: Record<string, unknown>) {
    return this.answer(token, `${token} goes on: ${JSON.stringify(output)}`);
  }

  async fail(token: string, error: string, cause: string) {
    return this.answer(token, `${token} fails: ${error}: ${cause}`);
  }

  private answer(token: string, text: string): boolean {
    if (!this.tokens.delete(token)) return false;
    this.answers.push(text);
    return true;
  }
}

/** A stage that waits, and those who decide on it. */
export async function asked(tokens = ['token-1']) {
  const ledger = new MemoryLedger(() => 0);
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  const callbacks = new Waiting(new Set(tokens));
  const ask = (token = 'token-1', stage = 'full', approval = SPEC, attempt = 0) =>
    askApproval({ ledger, callbacks }, { run: 'run-1', generation, stage, approval, token, attempt });
  const decide = (approver: string, more: Partial<ApproveInput> = {}) =>
    approve({ ledger, callbacks, approver }, { stage: 'full', decision: 'approve', reason: 'seen it', ...more });
  return { ledger, callbacks, ask, decide };
}
