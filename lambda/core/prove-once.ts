import { createHash } from 'node:crypto';
import { RolloutError } from './errors';
import { type Identities, type Provable, whoAsks } from './identity';
import type { Ledger } from './ledger';

/**
 * Who started an execution, as far as it is proved. It is noted before anything else happens: a proof is stale when a later step of the
 * execution, or a later try, comes, and what was proved stays so. For this execution alone: a proof is good for one, and whoever finds it
 * in the history proves nothing with it to another one. `execution` is an ARN; without one nothing is noted.
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
  await requireUnused(ledger, said.proof, execution);
  const who = await whoAsks(identities, said, action);
  if (who) await ledger.saveNote(note, { who });
  return who;
}

/** @throws IdentityNotProved where another execution came with this proof before */
async function requireUnused(ledger: Pick<Ledger, 'note' | 'saveNote'>, proof: string, execution: string): Promise<void> {
  const note = `proof#${createHash('sha256').update(`${proof}`).digest('hex')}`;
  const first = (await ledger.note(note))?.execution;
  if (first === undefined) return ledger.saveNote(note, { execution });
  if (first === execution) return;
  throw new RolloutError(
    'IdentityNotProved',
    'It is not proved who asks: another execution came with this proof before. Nothing was changed. Make a new one, as the command line does.',
    { execution },
  );
}
