import { census } from '../../lambda/census/census';
import type { Item } from '../../lambda/core/item';
import type { StreamRecord } from '../../lambda/core/replicate';
import { stamped } from '../../lambda/core/stamp';
import { MemoryLedger } from '../memory/memory-ledger';

const item = (name: string): Item => ({ id: { S: 'a' }, name: { S: name } });

function record(before?: Item, after?: Item): StreamRecord {
  const change = { key: { id: { S: 'a' } }, ...(before ? { before } : {}), ...(after ? { after } : {}), byService: false };
  return { change, sequence: '1', createdAt: 0 };
}

test('counts the writes that carry no token of their own, and no deletions', async () => {
  const ledger = new MemoryLedger();
  const published: unknown[] = [];
  const ours = stamped(item('ours'), 't1', 'client');
  await census({ ledger, publish: async (metrics) => void published.push(metrics) }, [
    record(undefined, item('native')),
    record(item('native'), ours),
    record(ours, { ...ours, name: { S: 'a token that was copied along' } }),
    record(ours, stamped(item('amended'), 't2', 'backfill')),
    record(ours, undefined),
  ]);
  expect((await ledger.counter('unadopted')).count).toBe(2);
  expect(published).toEqual([{ UnadoptedWrites: 2 }]);
});
