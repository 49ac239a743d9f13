import type { Ledger } from './ledger';

/** A task of a workflow that waits until somebody answers with its token. */
export interface WaitingTask {
  readonly token: string;
  /** ISO time at which its state was entered; absent in an execution that began before tasks were told. */
  readonly entered?: string;
  /** How often the task was tried before in that state. */
  readonly attempt: number;
}

/**
 * Keeps the token of a task that waits, in the note of that name. False when a later try is there: one that was given up may come
 * late, and its token is nobody's any more.
 */
export async function keepToken(ledger: Ledger, name: string, task: WaitingTask): Promise<boolean> {
  const { entered, attempt } = task;
  if (entered !== undefined) return ledger.saveLatest(name, turnOf(entered, attempt), { ...task });
  await ledger.saveNote(name, { ...task });
  return true;
}

/** Later tries have a greater turn, as text: the time in a form of one length, then the number of the try. */
function turnOf(entered: string, attempt: number): string {
  return `${new Date(entered).toISOString()} ${String(attempt).padStart(4, '0')}`;
}
