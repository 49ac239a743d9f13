import type { Found, PromotionSpec, Wanted } from '../../lambda/core/promotion';
import { promotion } from '../../lambda/promotion/promotion';
import { certified } from '../memory/certified-run';
import { MemoryLedger } from '../memory/memory-ledger';

/** What a stage asks for. */
export const spec: PromotionSpec = { bucket: 'staging', key: 'the-key', within: 7 * 24 * 3600 };
/** A certificate that does. */
export const genuine: Found = { kind: 'certificate', certificate: certified };

/** A run before a stage that waits for a certificate, and where one is looked for. */
export async function scene(find: (wanted: Wanted) => Promise<Found> = async () => genuine) {
  const ledger = new MemoryLedger(() => 0);
  const { generation } = await ledger.acquire('run-9', 'execution-9');
  const asked: Wanted[] = [];
  const certificates = {
    find: (wanted: Wanted) => {
      asked.push(wanted);
      return find(wanted);
    },
  };
  const clock = { now: () => Date.parse('2026-11-24T12:00:00Z'), sleep: async () => {} };
  const ports = { ledger, clock, certificates, migration: 'orders', transformSha256: 'abc' };
  const look = (more = {}, other = {}) =>
    promotion({ ...ports, ...other }, { run: 'run-9', generation, stage: 0, promotion: spec, ...more });
  const told = async () => (await ledger.events()).map(({ kind, data }) => ({ kind, data }));
  return { look, told, asked, generation };
}
