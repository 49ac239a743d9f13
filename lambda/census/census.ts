import type { Publish } from '../core/control';
import type { Ledger } from '../core/ledger';
import { METRICS } from '../core/names';
import { isUnadopted, type StreamRecord } from '../core/replicate';
import { knownOf } from '../core/stamp';

export interface CensusPorts {
  readonly ledger: Ledger;
  readonly publish: Publish;
  /** The amendment that writers have to know. */
  readonly version: string;
}

/**
 * Counts the writes of a batch that came without the client of the amendment, the client of an earlier change among them: only who knows both forms may write while both are there. A batch that
 * comes twice counts twice: a number that is too high asks for a look, one that is too low hides something.
 */
export async function census({ ledger, publish, version }: CensusPorts, records: readonly StreamRecord[]): Promise<void> {
  const unadopted = records.filter(
    ({ change }) => isUnadopted(change) || (change.after && knownOf(change.after) !== version),
  ).length;
  if (unadopted > 0) await ledger.count('unadopted', unadopted);
  await publish({ [METRICS.unadoptedWrites]: unadopted });
}
