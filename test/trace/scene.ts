import type { Deployed } from '../../lambda/core/control';
import type { Model } from '../../lambda/core/model';
import type { Database } from '../../lambda/core/ports';
import type { Side } from '../../lambda/core/position';
import type { RoutingTable } from '../../lambda/core/routing-table';
import type { TracePorts } from '../../lambda/trace/trace';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { allIn, changesOf, people, TestClock } from '../memory/people';

/** A migration in memory whose documents can be traced. Its streams hold all that was ever written. */
export function scene(
  table: RoutingTable = allIn('shadow'),
  model: Model = people,
  shown: (raw: Database) => Database = (raw) => raw,
) {
  const raw = new MemoryDatabase(model.schemas);
  const ledger = new MemoryLedger();
  const clock = new TestClock();
  const ports: TracePorts = {
    ...{ migration: 'people', database: shown(raw), model, ledger, clock, inPlace: false },
    control: { deployed: async () => ({ table, deployment: 3, recent: [], newest: 3 }) as Deployed },
    streams: [
      { side: 'legacy', arn: 'legacy' },
      { side: 'target', arn: 'target' },
    ],
    readHistory: async (arn, isOurs) => {
      const records = changesOf(raw, arn as Side).map((change, n) => ({ change, sequence: `${n}`, createdAt: 1000 * n }));
      return { records: records.filter(isOurs), older: 0, shards: 1, unread: 0 };
    },
  };
  return { raw, ledger, clock, ports };
}
