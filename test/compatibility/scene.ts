import { type CompatibilityPorts, compatibility } from '../../lambda/compatibility/compatibility';
import type { TableFacts } from '../../lambda/core/control';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { people, settle } from '../memory/people';

const TABLE: TableFacts = { name: 't', active: true, keys: ['id'], types: {}, items: 0, bytes: 0, pointInTimeRecovery: true };

/** People in the legacy table, and a look at them. */
export async function scene(count: number, items = count) {
  const database = new MemoryDatabase(people.schemas);
  settle(database, count);
  const ledger = new MemoryLedger();
  const { generation } = await ledger.acquire('run-1', 'execution-1');
  let drawn = 0;
  const ports: CompatibilityPorts = {
    ...{ ledger, database, model: people, names: { legacy: 'legacy', target: 'target' } },
    tables: { describe: async () => ({ ...TABLE, items }) } as unknown as CompatibilityPorts['tables'],
    random: () => (drawn++ % 7) / 7,
    remaining: () => 900_000,
  };
  const look = (more: Partial<CompatibilityPorts> = {}, gate = { sample: 1000, observeOnly: false }) =>
    compatibility({ ...ports, ...more }, { run: 'run-1', generation, stage: 1, compatibility: gate });
  return { database, ledger, look, generation };
}
