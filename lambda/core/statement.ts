import { RolloutError } from './errors';
import { LONGEST_PROOF } from './identity';

/** What somebody says who decides: why, and who it is. */
export interface Statement {
  readonly reason: string;
  /** Who it is, as they say. */
  readonly by?: string;
  /** Proves who it is: `proveIdentity`. */
  readonly proof?: string;
}

/** Characters of a reason, and of a name. */
const LONGEST = 1000;

/** True for a text of 1 to 1000 characters that are not all blank. */
export function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST;
}

/** What is wrong with a statement: one phrase each. */
export function problemsOf({ reason, ...author }: Partial<Statement>): string[] {
  return [...(isText(reason) ? [] : [`reason must say why, in 1 to ${LONGEST} characters`]), ...problemsOfAuthor(author)];
}

/** What is wrong with what somebody says of themselves: one phrase each. */
export function problemsOfAuthor({ by, proof }: Omit<Partial<Statement>, 'reason'>): string[] {
  return [
    ...(by === undefined || isText(by) ? [] : [`by must be a name of 1 to ${LONGEST} characters`]),
    ...(proof === undefined || isProof(proof) ? [] : [`proof must be a signed URL of 1 to ${LONGEST_PROOF} characters`]),
  ];
}

function isProof(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_PROOF;
}

/** @throws InvalidDecision where something is wrong with what was said */
export function requireSound(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new RolloutError('InvalidDecision', `It cannot be taken: ${problems.join('; ')}. Nothing was changed.`, { problems });
}
