import { isAllLegacy } from '../../lambda/core/routing-table';
import { seed } from '../../lambda/seed/seed';
import { MemoryControl } from '../traffic/memory-control';

function world() {
  let time = 0;
  const control = new MemoryControl(() => time);
  const clock = {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
    },
  };
  return { control, ports: { control, clock, plan: { stages: [], lease: 30, poll: 5, inFlight: 10 } } };
}

test('the first deployment of the stack releases a table with all keys in legacy', async () => {
  const { control, ports } = world();
  expect(await seed(ports)).toEqual({ seeded: true });
  expect(isAllLegacy(control.table)).toBe(true);
  expect(control.table).toMatchObject({ revision: 1, lease: 30, poll: 5 });
});

test('later ones do nothing', async () => {
  const { control, ports } = world();
  await seed(ports);
  expect(await seed(ports)).toEqual({ seeded: false });
  expect(control.deployments).toHaveLength(1);
});

test('a deployment that does not complete is told', async () => {
  const { control, ports } = world();
  control.deployment = async () => ({ number: 1, state: 'progress', changedAt: 0 });
  await expect(seed(ports)).rejects.toMatchObject({ name: 'BarrierNotReached' });
});
