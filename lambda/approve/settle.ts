import { type Decision, type Question, type Standing, standingOf } from '../core/approval';
import type { Callbacks } from '../core/control';
import type { Ledger } from '../core/ledger';
import { keepToken } from '../core/waiting';

export interface SettlePorts {
  readonly ledger: Ledger;
  readonly callbacks: Callbacks;
}

const QUESTION = 'approval';

/** The question that was asked last. */
export async function questionOf(ledger: Ledger): Promise<Question | undefined> {
  return (await ledger.note(QUESTION)) as Question | undefined;
}

/** False when a later try has asked already. */
export function saveQuestion(ledger: Ledger, question: Question): Promise<boolean> {
  return keepToken(ledger, QUESTION, question);
}

/** The last word of each approver who is asked, whatever it was about. */
export async function decisionsOn(ledger: Ledger, { approvers }: Question): Promise<Decision[]> {
  const notes = await Promise.all(approvers.map((approver) => ledger.note(`${QUESTION}#${approver}`)));
  return notes.filter((note) => note !== undefined) as unknown as Decision[];
}

export function saveDecision(ledger: Ledger, decision: Decision): Promise<void> {
  return ledger.saveNote(`${QUESTION}#${decision.approver}`, { ...decision });
}

/**
 * Lets the rollout go on, or fail, when the question is decided. Whoever asks saves the question and then reads the decisions,
 * whoever decides saves the decision and then reads the question: one of both sees all. A token that nobody waits with any more
 * has been answered, or another one has taken its place: then nothing is heard.
 */
export async function settle({ ledger, callbacks }: SettlePorts): Promise<Standing & { readonly isHeard: boolean }> {
  const question = (await questionOf(ledger)) as Question;
  const standing = standingOf(question, await decisionsOn(ledger, question));
  const { stage, token } = question;
  const { outcome, approved, rejected } = standing;
  const answers = {
    open: async () => true,
    approved: () => callbacks.succeed(token, { approved }),
    rejected: () => callbacks.fail(token, 'GateFailed', rejection(stage, rejected)),
  };
  return { ...standing, isHeard: await answers[outcome]() };
}

function rejection(stage: string, rejected: readonly Decision[]): string {
  const told = rejected.map(({ approver, reason }) => `${approver}: ${reason}`).join('; ');
  return `Gate approval of stage ${stage}: it was rejected by ${told}`;
}
