import { certify } from '../../lambda/certify/certify';
import type { EventKind } from '../../lambda/core/event-kinds';
import { certified, happenings } from '../memory/certified-run';
import { MemoryArchive } from '../memory/memory-archive';
import { MemoryLedger } from '../memory/memory-ledger';

async function scene() {
  const ledger = new MemoryLedger(() => Date.parse(certified.completedAt));
  for (const { kind, data } of happenings) await ledger.append('run-1', kind as EventKind, { ...data });
  const archive = new MemoryArchive();
  let signatures = 0;
  const signer = { sign: async (text: string) => `${text.length}-${++signatures}` };
  const ports = { ledger, archive, signer, migration: 'orders', transformSha256: 'abc' };
  return { ledger, archive, ports };
}

const told = async (ledger: MemoryLedger) => (await ledger.events()).filter(({ kind }) => kind === 'certified');

test('signs what the ledger says, keeps it under the transform, and says so', async () => {
  const { ledger, archive, ports } = await scene();
  expect(await certify(ports, { run: 'run-1' })).toEqual({});
  const kept = JSON.parse(Buffer.from(await archive.get('certificates', 'abc.json')).toString());
  expect(JSON.parse(kept.text)).toEqual(certified);
  expect(kept.signature).toBe(`${kept.text.length}-1`);
  expect((await told(ledger)).map(({ data }) => data)).toEqual([{ name: 'abc.json' }]);
});

test('a second try, such as after a redrive, certifies the same and says it once', async () => {
  const { ledger, archive, ports } = await scene();
  const put = archive.put.bind(archive);
  archive.put = () => Promise.reject(new Error('no bucket'));
  await expect(certify(ports, { run: 'run-1' })).rejects.toThrow('no bucket');
  expect(await told(ledger)).toEqual([]);
  archive.put = put;
  await certify(ports, { run: 'run-1' });
  await certify(ports, { run: 'run-1' });
  expect(await told(ledger)).toHaveLength(1);
});

test('a run during which another transform was deployed is not certified', async () => {
  const { archive, ports } = await scene();
  await expect(certify({ ...ports, transformSha256: 'def' }, { run: 'run-1' })).rejects.toMatchObject({
    name: 'TransformChanged',
  });
  expect(archive.objects.size).toBe(0);
});

test('a run that did not complete is not certified', async () => {
  const { ports } = await scene();
  await expect(certify(ports, { run: 'run-2' })).rejects.toMatchObject({ name: 'InvalidConfiguration' });
});
