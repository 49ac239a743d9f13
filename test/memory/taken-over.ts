import type { Lease, Ledger, RollbackMode } from '../../lambda/core/ledger';

/** The lease of a rollback that took it from whoever has it. */
export async function takenOver(ledger: Ledger, mode: RollbackMode, holder = 'execution-2'): Promise<Lease> {
  const taken = await ledger.takeOver(await ledger.lease(), { run: 'run-1', holder, mode });
  if (!taken) throw new Error('Somebody else was first.');
  return taken.lease;
}
