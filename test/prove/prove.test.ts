import type { Position } from '../../lambda/core/position';
import type { RoutingTable } from '../../lambda/core/routing-table';
import { BUCKETS } from '../../lambda/core/routing-table';
import { prove } from '../../lambda/prove/prove';
import { ReplicatedWorld } from './replicated-world';

const at = (position: Position, scout = position): Partial<RoutingTable> => ({ ranges: [{ below: BUCKETS, position }], scout });

async function world(table: Partial<RoutingTable>) {
  const w = new ReplicatedWorld(table);
  await w.ledger.acquire('run-1', 'execution-1');
  return w;
}

const event = (lane: 'scout' | 'lead') => ({ run: 'run-1', generation: 1, lane });

test.each([
  ['legacy', 'lead', 'forward'],
  ['shadow', 'lead', 'forward'],
  ['dual-legacy', 'lead', 'forward'],
  ['dual-target', 'lead', 'reverse'],
  ['target', 'lead', 'reverse'],
  ['fenced', 'lead', 'reverse'],
] as const)('in %s the %s proves %s replication and leaves nothing behind', async (position, lane, direction) => {
  const w = await world(at(position));
  const result = await prove(w.ports, event(lane));
  expect(result.direction).toBe(direction);
  expect(result.canaries).toBeGreaterThanOrEqual(w.shards);
  expect(w.database.items('legacy').length).toBe(0);
  expect(w.database.items('target').length).toBe(0);
  expect(await w.ledger.canaries()).toEqual([]);
});

test('the scout proves the direction of its own position, not that of the users', async () => {
  const w = await world(at('dual-legacy', 'dual-target'));
  expect((await prove(w.ports, event('scout'))).direction).toBe('reverse');
  expect((await prove(w.ports, event('lead'))).direction).toBe('forward');
});

test('scouts are even, leads odd, and only the side in authority is written', async () => {
  const w = await world(at('legacy'));
  await prove(w.ports, event('scout'));
  await prove(w.ports, event('lead'));
  const ids = w.database.changes.filter(({ side, after }) => side === 'legacy' && after).map(({ key }) => key.id);
  const parities = ids.map((id) => Number((id as { S: string }).S.split(' ')[1]) % 2);
  expect(parities.indexOf(1)).toBeGreaterThan(0);
  expect(parities.slice(0, parities.indexOf(1)).every((parity) => parity === 0)).toBe(true);
  expect(parities.slice(parities.indexOf(1)).every((parity) => parity === 1)).toBe(true);
});

test('every open shard holds a canary, however many there are', async () => {
  const w = await world(at('legacy'));
  w.shards = 50;
  const { canaries } = await prove(w.ports, event('lead'));
  expect(canaries).toBeGreaterThanOrEqual(50);
});

test('replication that stands still is not proved in time; the next proof removes the canaries left behind', async () => {
  const w = await world(at('target'));
  w.running.delete('target');
  await expect(prove(w.ports, event('lead'))).rejects.toMatchObject({
    name: 'ReplicationNotProved',
    message: expect.stringContaining('prove reverse replication'),
  });
  expect(w.database.items('target').length).toBeGreaterThan(0);
  w.running.add('target');
  await prove(w.ports, event('lead'));
  expect(w.database.items('target').length).toBe(0);
  expect(w.database.items('legacy').length).toBe(0);
});

test('a deletion that does not come through is not proved either', async () => {
  const w = await world(at('legacy'));
  const ports = {
    ...w.ports,
    clock: {
      ...w.ports.clock,
      sleep: async (milliseconds: number) => {
        if (w.database.changes.some(({ side, after }) => side === 'legacy' && !after)) w.running.clear();
        await w.pass(milliseconds);
      },
    },
  };
  await expect(prove(ports, event('lead'))).rejects.toMatchObject({
    message: expect.stringContaining('were deleted and are still there'),
  });
});

test('shards without a canary are told', async () => {
  const w = await world(at('legacy'));
  const ports = { ...w.ports, openTail: async () => ({ uncovered: () => 2, read: async () => {} }) };
  await expect(prove(ports, event('lead'))).rejects.toMatchObject({ message: expect.stringContaining('2 open shards') });
});

test('without the lease nothing is written', async () => {
  const w = await world(at('legacy'));
  await w.ledger.takeOver(await w.ledger.lease(), { run: 'run-1', holder: 'execution-2', mode: 'soft' });
  await expect(prove(w.ports, event('lead'))).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(w.database.changes).toEqual([]);
});

test('two proofs beside each other both end, and leave nothing', async () => {
  const w = await world(at('legacy'));
  await Promise.allSettled([prove(w.ports, event('lead')), prove(w.ports, event('lead'))]);
  await prove(w.ports, event('lead'));
  await w.pass(1000);
  expect(w.database.items('legacy').length + w.database.items('target').length).toBe(0);
});

test('nothing is proved while replication has given a batch up', async () => {
  const w = await world(at('legacy'));
  w.givenUp = 1;
  await expect(prove(w.ports, event('lead'))).rejects.toMatchObject({
    name: 'ReplicationNotProved',
    message: expect.stringContaining('invoke the redrive function'),
  });
});

test('after an immediate rollback the scout proves that late writes to the target have come out', async () => {
  const w = await world({ ...at('legacy', 'target'), salvage: true });
  expect((await prove(w.ports, event('scout'))).direction).toBe('reverse');
  expect(w.database.items('legacy').length + w.database.items('target').length).toBe(0);
});
