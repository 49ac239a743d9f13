import type { RoutingTable } from '../../lambda/core/routing-table';
import { tellWindow } from '../../lambda/sample/tell-window';
import { ReplicatedWorld } from '../prove/replicated-world';

const HOURS = 48;
const ARRIVED: Partial<RoutingTable> = { ranges: [{ below: 10_000, position: 'target' }], scout: 'target' };

async function completed(table = ARRIVED) {
  const w = new ReplicatedWorld(table);
  const { generation } = await w.ledger.acquire('run-1', 'e-1');
  await w.ledger.append('run-1', 'completed', {
    generation,
    furthest: 'target',
    revision: 1,
    counts: { divergence: 0, unadopted: 0, poison: 0 },
  });
  await w.ledger.release(generation);
  const published: object[] = [];
  const ports = { ...w.ports, reverseWindow: HOURS * 3600, publish: async (metrics: object) => void published.push(metrics) };
  return { w, published, tell: (reverseWindow = ports.reverseWindow) => tellWindow({ ...ports, reverseWindow }) };
}

const HOUR = 3_600_000;

test('hours that are left, less and less, and below nothing once it is over', async () => {
  const { w, published, tell } = await completed();
  for (const hours of [0, 24, 24, 1]) {
    w.time += hours * HOUR;
    await tell();
  }
  expect(published).toEqual([48, 24, 0, -1].map((WindowHoursLeft) => ({ WindowHoursLeft })));
});

test('a longer window that is deployed meanwhile counts', async () => {
  const { w, published, tell } = await completed();
  w.time += 47 * HOUR;
  await tell(72 * 3600);
  expect(published).toEqual([{ WindowHoursLeft: 25 }]);
});

test('the trail is read once, not every minute', async () => {
  const { w, tell, published } = await completed();
  await tell();
  w.ledger.events = () => Promise.reject(new Error('read again'));
  await tell();
  expect(published).toHaveLength(2);
});

test.each([
  ['somebody is at work', (w: ReplicatedWorld) => w.ledger.acquire('run-2', 'e-2')],
  ['it is closed', (w: ReplicatedWorld) => w.ledger.close(1)],
  [
    'keys were taken back',
    (w: ReplicatedWorld) =>
      w.control.release({ ...w.control.table, ranges: [{ below: 10_000, position: 'legacy' as const }] }, 'x', 'immediate'),
  ],
])('says nothing when %s', async (_, happen) => {
  const { w, published, tell } = await completed();
  await happen(w);
  await tell();
  expect(published).toEqual([]);
});
