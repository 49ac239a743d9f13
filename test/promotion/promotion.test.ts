import type { Found, PromotionSpec, Wanted } from '../../lambda/core/promotion';
import { promotion } from '../../lambda/promotion/promotion';
import { certified } from '../memory/certified-run';
import { MemoryLedger } from '../memory/memory-ledger';

const spec: PromotionSpec = { bucket: 'staging', key: 'the-key', within: 7 * 24 * 3600 };
const genuine: Found = { kind: 'certificate', certificate: certified };

async function scene(find: (wanted: Wanted) => Promise<Found> = async () => genuine) {
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

test('a genuine certificate lets the stage begin, and is evidence', async () => {
  const { look, told, asked } = await scene();
  expect(await look()).toEqual({});
  const wanted = { ...spec, migration: 'orders', transformSha256: 'abc' };
  expect(asked).toEqual([wanted]);
  expect(await told()).toEqual([{ kind: 'promotion', data: { stage: 0, wanted, found: genuine } }]);
});

test('the migration there may have another id', async () => {
  const { look, asked } = await scene();
  const gate = look({ promotion: { ...spec, migration: 'staging-orders' } });
  await expect(gate).rejects.toMatchObject({ name: 'GateFailed', message: expect.stringContaining('of migration orders') });
  expect(asked[0]?.migration).toBe('staging-orders');
});

test('an objection ends the stage; a second try says what the first one wrote down', async () => {
  let found: Found = { kind: 'not-signed' };
  const { look, told, asked } = await scene(async () => found);
  const failure = {
    name: 'GateFailed',
    message: expect.stringMatching(/^Gate promotion of stage 0: .* was not signed with key/),
  };
  await expect(look()).rejects.toMatchObject(failure);
  found = genuine;
  await expect(look()).rejects.toMatchObject(failure);
  expect([asked.length, (await told()).length]).toEqual([1, 1]);
  expect(await look({ stage: 1 })).toEqual({});
});

test('what cannot be read is not written down, and the lease is held', async () => {
  const { look, told, generation } = await scene(() => Promise.reject(new Error('no bucket')));
  await expect(look()).rejects.toThrow('no bucket');
  expect(await told()).toEqual([]);
  await expect(look({ generation: generation + 1 })).rejects.toMatchObject({ name: 'LeaseLost' });
});
