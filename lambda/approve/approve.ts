import { DECISIONS, type Decision, type Question, requireSeparate } from '../core/approval';
import { RolloutError } from '../core/errors';
import { type Asked, type Identities, whoAsks, whoAsksAtOnce } from '../core/identity';
import { isText, problemsOf, requireSound, type Statement } from '../core/statement';
import { decisionsOn, questionOf, type SettlePorts, saveDecision, settle } from './settle';

export interface ApprovePorts extends SettlePorts {
  readonly identities: Identities;
  /** Whose decisions these are. */
  readonly approver: string;
}

/** What an approver says. */
export interface ApproveInput extends Statement {
  /** Name of the stage. */
  readonly stage: string;
  readonly decision: Decision['decision'];
}

export interface ApproveResult {
  readonly stage: string;
  /** `approved` and `rejected` are final; `open` waits for others. */
  readonly outcome: 'open' | 'approved' | 'rejected';
  /** Who has approved. */
  readonly approved: readonly string[];
  /** How many approvals are still needed. */
  readonly missing: number;
}

/**
 * Takes the decision of one approver on the stage that the rollout waits with. The same decision again changes nothing; another
 * one takes its place as long as the rollout waits.
 * @throws InvalidDecision when it is none, or when nothing waits for it; IdentityNotProved; DutiesNotSeparate; IdentityUnavailable
 */
export async function approve(ports: ApprovePorts, input: ApproveInput): Promise<ApproveResult> {
  const { ledger, approver } = ports;
  requireWhole(input);
  const { stage, decision, reason, by } = input;
  const question = await waiting(ports, stage);
  const { run } = question;
  const { who, ...asked } = await whoDecides(ports, input);
  const said: Decision = { run, stage, approver, decision, reason, ...(by ? { by } : {}), ...(who ? { who } : {}) };
  const known = await decisionsOn(ledger, question);
  requireSeparate(question, said, known);
  if (!known.some((each) => isSame(each, said))) {
    await ledger.append(run, 'approval-decided', { stage, approver, decision, reason, ...(by ? { by } : {}), ...asked }, who);
  }
  await saveDecision(ledger, said);
  const { stage: now, outcome, approved, isHeard } = await settle(ports);
  if (now !== stage || !isHeard) throw tooLate(stage);
  return { stage, outcome, approved, missing: Math.max(0, question.atLeast - approved.length) };
}

/** A rejection takes traffic back, and does not wait. */
async function whoDecides({ identities }: ApprovePorts, input: ApproveInput): Promise<Asked> {
  if (input.decision === 'reject') return whoAsksAtOnce(identities, input, 'reject');
  return { who: await whoAsks(identities, input, 'approve') };
}

function isSame(one: Decision, other: Decision): boolean {
  return (['run', 'stage', 'approver', 'decision', 'reason', 'who'] as const).every((name) => one[name] === other[name]);
}

/** The question, if it is this stage's and the rollout that asked it still runs. */
async function waiting({ ledger, approver }: ApprovePorts, stage: string): Promise<Question> {
  const [question, lease] = [await questionOf(ledger), await ledger.lease()];
  const isOpen = question && lease?.kind === 'rollout' && lease.run === question.run;
  if (!isOpen) throw invalid(`No rollout waits for an approval now. Stage ${stage} asks for it when its turn comes.`, { stage });
  if (question.stage !== stage) {
    throw invalid(`Stage ${stage} does not wait for an approval; stage ${question.stage} does. Look again, then decide.`, {
      stage,
      waiting: question.stage,
    });
  }
  if (question.approvers.includes(approver)) return question;
  throw invalid(`Stage ${stage} is not for ${approver} to decide. It is for ${question.approvers.join(', ')}.`, { stage });
}

function tooLate(stage: string): RolloutError {
  return invalid(
    `Stage ${stage} no longer waits: it was decided meanwhile, or its time is over. This decision is in the ledger and changes nothing; ` +
      'to take traffic back, start the rollback workflow.',
    { stage },
  );
}

function requireWhole({ stage, decision, ...statement }: Partial<ApproveInput>): void {
  requireSound([
    ...(isText(stage) ? [] : ['stage must be the name of a stage']),
    ...(DECISIONS.some((one) => one === decision) ? [] : [`decision must be one of ${DECISIONS.join(', ')}`]),
    ...problemsOf(statement),
  ]);
}

function invalid(message: string, data: Record<string, unknown>): RolloutError {
  return new RolloutError('InvalidDecision', message, data);
}
