import { type Identities, type Provable, whoAsks } from './identity';
import type { Ledger } from './ledger';

/**
 * Who started an execution, as far as it is proved. It is noted before anything else happens: a proof is stale when a later step of the
 * execution, or a later try, comes, and what was proved stays so. For this execution alone: whoever finds the proof in its history proves
 * nothing with it to another one. `execution` is an ARN;
 * without one nothing is noted.
 * @throws IdentityNotProved, IdentityUnavailable
 */
export async function whoStarted(
  { ledger, identities }: { readonly ledger: Pick<Ledger, 'note' | 'saveNote'>; readonly identities: Identities },
  execution: string | undefined,
  said: { readonly proof?: string },
  action: Provable,
): Promise<string | undefined> {
  if (said.proof === undefined || execution === undefined) return whoAsks(identities, said, action);
  const note = `who#${execution}`;
  const known = (await ledger.note(note))?.who as string | undefined;
  if (known) return known;
  const who = await whoAsks(identities, said, action);
  if (who) await ledger.saveNote(note, { who });
  return who;
}
