import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';
import { countsAt, countsOf } from '../core/marks';
import { type Position, rankOf } from '../core/position';
import type { Move } from '../core/traffic';

/** True where the new model is written, too: who does not know it must not write any more. */
function isWrittenNew(position: Position): boolean {
  return rankOf(position) >= rankOf('dual-legacy');
}

/**
 * Before keys of the user are written in the new model, every writer must go through the client: since the stage before
 * began, no write may have come without it.
 * @throws WritersNotAdopted
 */
export async function requireAdoption(ledger: Ledger, run: string, { step }: Move): Promise<void> {
  if (!step || !isWrittenNew(step.to) || isWrittenNew(step.from)) return;
  const before = await countsAt(ledger, run, step.stage - 1);
  const count = (await countsOf(ledger)).unadopted - before.unadopted;
  if (count === 0) return;
  const { lastAt } = await ledger.counter('unadopted');
  throw new RolloutError(
    'WritersNotAdopted',
    `${count} writes to the legacy table since the stage before began did not use the client; the last at ${lastAt ?? 'an unknown time'}. ` +
      'Keys cannot be written in the new model while such writers exist. Move them to cdk-dynamodb-rollout/client, then start again.',
    { count, lastAt },
  );
}
