import type { WaitingTask } from './waiting';

/** Who has to agree to a stage. */
export interface ApprovalSpec {
  /** Names of those who may decide. */
  readonly approvers: readonly string[];
  /** So many of them must approve. */
  readonly atLeast: number;
}

/** The question that a rollout waits for an answer to. */
export interface Question extends ApprovalSpec, WaitingTask {
  readonly run: string;
  /** Name of the stage. */
  readonly stage: string;
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
  const { run, stage, approvers, atLeast } = question;
  const ours = decisions.filter((each) => each.run === run && each.stage === stage && approvers.includes(each.approver));
  const approved = ours.filter(({ decision }) => decision === 'approve').map(({ approver }) => approver);
  const rejected = ours.filter(({ decision }) => decision === 'reject');
  if (rejected.length > 0) return { stage, outcome: 'rejected', approved, rejected };
  return { stage, outcome: approved.length >= atLeast ? 'approved' : 'open', approved, rejected };
}
