import { census } from '../../lambda/census/census';
import type { Item } from '../../lambda/core/item';
import type { StreamRecord } from '../../lambda/core/replicate';
import { stamped, withForms } from '../../lambda/core/stamp';
import { MemoryLedger } from '../memory/memory-ledger';

const item = (name: string): Item => ({ id: { S: 'a' }, name: { S: name } });

function record(before?: Item, after?: Item): StreamRecord {
  const change = { key: { id: { S: 'a' } }, ...(before ? { before } : {}), ...(after ? { after } : {}), byService: false };
  return { change, sequence: '1', createdAt: 0 };
}

test('counts the writes that carry no token of their own, or come from a client that does not know the amendment, and no deletions', async () => {
  const ledger = new MemoryLedger();
  const published: unknown[] = [];
  const of = (name: string, token: string, version: string) => withForms(stamped(item(name), token, 'client'), [], version);
  const ours = of('ours', 't1', 'v3');
  await census({ ledger, publish: async (metrics) => void published.push(metrics), version: 'v3' }, [
    record(undefined, item('native')),
    record(item('native'), ours),
    record(ours, { ...ours, name: { S: 'a token that was copied along' } }),
    record(ours, of('amended', 't2', 'v3')),
    record(ours, stamped(item('by the client of a migration'), 't3', 'client')),
    record(ours, of('by the client of the amendment before', 't4', 'v2')),
    record(ours, undefined),
  ]);
  expect((await ledger.counter('unadopted')).count).toBe(4);
  expect(published).toEqual([{ UnadoptedWrites: 4 }]);
});
