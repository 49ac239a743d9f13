import { RolloutError } from './errors';
import { personOf } from './identity';
import type { WaitingTask } from './waiting';

/** Who has to agree to a stage. */
export interface ApprovalSpec {
  /** Names of those who may decide. */
  readonly approvers: readonly string[];
  /** So many of them must approve. */
  readonly atLeast: number;
  /** True where only approvals of other people count than whoever started the run, each of somebody else. */
  readonly separate?: boolean;
}

/** The question that a rollout waits for an answer to. */
export interface Question extends ApprovalSpec, WaitingTask {
  readonly run: string;
  /** Name of the stage. */
  readonly stage: string;
  /** ARN of the principal that started the run, where that was proved. */
  readonly starter?: string;
}

export const DECISIONS = ['approve', 'reject'] as const;

/** What one approver says; the last word counts for as long as the rollout waits. */
export interface Decision {
  readonly run: string;
  readonly stage: string;
  readonly approver: string;
  readonly decision: (typeof DECISIONS)[number];
  readonly reason: string;
  /** Who said so, as they say. */
  readonly by?: string;
  /** ARN of the principal that said so, where that was proved. */
  readonly who?: string;
}

/** How a question stands: one rejection ends it. */
export interface Standing {
  /** Name of the stage. */
  readonly stage: string;
  readonly outcome: 'open' | 'approved' | 'rejected';
  readonly approved: readonly string[];
  readonly rejected: readonly Decision[];
}

/** How a question stands by the decisions on it; those on another question, or of others, say nothing. */
export function standingOf(question: Question, decisions: readonly Decision[]): Standing {
  const { stage, atLeast } = question;
  const ours = decisions.filter((each) => isOn(question, each));
  const approved = approvalsOf(question, ours).map(({ approver }) => approver);
  const rejected = ours.filter(({ decision }) => decision === 'reject');
  if (rejected.length > 0) return { stage, outcome: 'rejected', approved, rejected };
  return { stage, outcome: approved.length >= atLeast ? 'approved' : 'open', approved, rejected };
}

/**
 * Refuses an approval that would not count, because its author is not known to be somebody else. Rejections are heard from everybody:
 * nobody is needed twice to take traffic back.
 * @throws IdentityNotProved, DutiesNotSeparate
 */
export function requireSeparate(question: Question, decision: Decision, others: readonly Decision[]): void {
  if (decision.decision !== 'approve') return;
  const theirs = others.filter((other) => isOn(question, other) && other.approver !== decision.approver);
  const why = objectionTo(decision, question, approvalsOf(question, theirs));
  if (why) throw why;
}

function isOn({ run, stage, approvers }: Question, decision: Decision): boolean {
  return decision.run === run && decision.stage === stage && approvers.includes(decision.approver);
}

/** The approvals that count: where duties are separate, one for each person. */
function approvalsOf(question: Question, decisions: readonly Decision[]): Decision[] {
  const counted: Decision[] = [];
  for (const each of decisions) {
    if (each.decision === 'approve' && !objectionTo(each, question, counted)) counted.push(each);
  }
  return counted;
}

function objectionTo(
  { who, approver }: Decision,
  { separate, starter, stage, run }: Question,
  counted: readonly Decision[],
): RolloutError | undefined {
  if (!separate) return undefined;
  const what = `Stage ${stage} is approved by somebody else than who started run ${run}`;
  const unchanged = 'Nothing was changed.';
  if (!starter) {
    const next = 'Take the run back and start it again with a proof; a rejection needs none.';
    return new RolloutError('IdentityNotProved', `${what}, and nobody proved to have started it. ${unchanged} ${next}`, {
      stage,
    });
  }
  if (!who) {
    const next = 'Decide again with a proof of who you are, as the command line does; a rejection needs none.';
    return new RolloutError('IdentityNotProved', `${what}, so whoever approves has to prove who they are. ${unchanged} ${next}`, {
      stage,
    });
  }
  if (personOf(who) === personOf(starter)) {
    const next = `${who} is ${personOf(starter)}, like ${starter}, who started it. ${unchanged} Have somebody else approve; to take traffic back, reject.`;
    return new RolloutError('DutiesNotSeparate', `${what}. ${next}`, { stage, who, starter });
  }
  const same = counted.find((other) => other.approver !== approver && personOf(other.who as string) === personOf(who));
  if (!same) return undefined;
  const next = `${who} has approved as ${same.approver} already. ${unchanged} Have somebody else decide as ${approver}.`;
  return new RolloutError('DutiesNotSeparate', `Each approval of stage ${stage} is of somebody else. ${next}`, { stage, who });
}
