import type { Alarm, TableFacts, Tables } from '../../lambda/core/control';
import type { Item } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import { type PreflightPorts, preflight } from '../../lambda/preflight/preflight';
import { MemoryDatabase } from '../memory/memory-database';
import { MemoryLedger } from '../memory/memory-ledger';
import { splitModel } from '../prove/split-model';

const LEGACY: TableFacts = {
  name: 'legacy',
  active: true,
  keys: ['id'],
  types: { id: 'S' },
  items: 25_000,
  bytes: 5_000_000,
  streamArn: 'legacy-stream',
  streamView: 'NEW_AND_OLD_IMAGES',
  pointInTimeRecovery: true,
};
const TARGET: TableFacts = {
  ...LEGACY,
  name: 'target',
  keys: ['place', 'part'],
  types: { place: 'S', part: 'S' },
  items: 0,
  streamArn: 'target-stream',
};

class World {
  time = 0;
  readonly database = new MemoryDatabase(splitModel.schemas);
  readonly ledger = new MemoryLedger();
  legacy = LEGACY;
  target = TARGET;
  alarms: Alarm[] = [{ name: 'lag', state: 'OK', actionsEnabled: true }];
  model: Model = splitModel;
  maxWriteUnits = 0;
  readonly backups = new Map<string, string>();
  readonly published: unknown[] = [];
  slept = 0;

  get ports(): PreflightPorts {
    const tables: Tables = {
      describe: async (name) => (name === 'legacy' ? this.legacy : this.target),
      findBackup: async (_, backup) => this.backups.get(backup),
      createBackup: async (_, backup) => {
        this.backups.set(backup, `arn-${this.backups.size}`);
        return this.backups.get(backup) as string;
      },
    };
    return {
      ledger: this.ledger,
      tables,
      alarms: { describe: async () => this.alarms },
      database: this.database,
      model: this.model,
      publish: async (metrics) => void this.published.push(metrics),
      clock: {
        now: () => this.slept,
        sleep: async (milliseconds) => {
          this.slept += milliseconds;
        },
      },
      random: () => 0.5,
      names: { legacy: 'legacy', target: 'target' },
      streams: { legacy: 'legacy-stream', target: 'target-stream' },
      triggers: ['lag'],
      itemsPerSlice: 10_000,
      maxWriteUnits: this.maxWriteUnits,
    };
  }

  run() {
    return preflight(this.ports, { run: 'run-1', generation: 1 });
  }

  async problems(): Promise<string[]> {
    const error = await this.run().then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error?.name).toBe('PreflightFailed');
    return error.data.problems;
  }
}

async function world(change: Partial<World> = {}) {
  const w = Object.assign(new World(), change);
  await w.ledger.acquire('run-1', 'e-1');
  return w;
}

const item = (id: string): Item => ({ id: { S: id }, name: { S: 'n' }, size: { N: '1' } });

test('says how large the work is, takes a backup and records the facts', async () => {
  const w = await world();
  w.database.put('legacy', item('a'));
  expect(await w.run()).toEqual({ items: 25_000, bytes: 5_000_000, slices: 3 });
  expect([...w.backups]).toEqual([['rollout-run-1', 'arn-0']]);
  expect((await w.ledger.events())[0]).toMatchObject({ kind: 'preflight', data: { backup: 'arn-0', slices: 3 } });
});

test('twice is one backup and one event, also when the first try did not write the backup down', async () => {
  const w = await world();
  w.backups.set('rollout-run-1', 'arn-before');
  await w.run();
  await w.run();
  expect([...w.backups.values()]).toEqual(['arn-before']);
  expect(await w.ledger.events()).toHaveLength(1);
});

test.each([
  [0, 1],
  [1, 1],
  [10_001, 2],
  [1e9, 1000],
])('%d items are %d slices', async (items, slices) => {
  expect((await (await world({ legacy: { ...LEGACY, items } })).run()).slices).toBe(slices);
});

test.each<[string, Partial<World>, RegExp]>([
  [
    'no point-in-time recovery',
    { legacy: { ...LEGACY, pointInTimeRecovery: false } },
    /Point-in-time recovery is off for legacy/,
  ],
  ['a stream without old images', { legacy: { ...LEGACY, streamView: 'KEYS_ONLY' } }, /stream of legacy is KEYS_ONLY/],
  ['no stream on the target', { target: { ...TARGET, streamView: undefined } }, /stream of target is off/],
  ['a stream made anew', { target: { ...TARGET, streamArn: 'other' } }, /made anew \(other\)/],
  ['other keys', { target: { ...TARGET, keys: ['place'] } }, /Table target has the keys place/],
  [
    'time-to-live on the target',
    { target: { ...TARGET, timeToLive: 'until' } },
    /Time-to-live is on for target \(attribute until\)/,
  ],
  [
    'time-to-live on the source',
    { legacy: { ...LEGACY, timeToLive: 'until' } },
    /Time-to-live is on for legacy \(attribute until\)/,
  ],
  ['too little capacity', { target: { ...TARGET, writeCapacity: 5 }, maxWriteUnits: 50 }, /5 write units/],
  ['a table that is changing', { legacy: { ...LEGACY, active: false } }, /not ACTIVE/],
  [
    'an index key of another type',
    { target: { ...TARGET, types: { ...TARGET.types, size: 'S' } } },
    /key attribute size that is not of type S/,
  ],
  ['an alarm that does not exist', { alarms: [] }, /Trigger alarm lag does not exist/],
  ['an alarm in ALARM', { alarms: [{ name: 'lag', state: 'ALARM', actionsEnabled: true }] }, /lag is in ALARM/],
  [
    'disabled actions',
    { alarms: [{ name: 'lag', state: 'OK', actionsEnabled: false }] },
    /actions of trigger alarm lag are disabled/,
  ],
  [
    'canaries that are not known again',
    { model: { ...splitModel, canaryNumber: () => undefined } },
    /canary.number\(\) gives undefined/,
  ],
  [
    'canaries that all come into one shard',
    { model: { ...splitModel, schemas: { ...splitModel.schemas, target: ['part', 'place'] } } },
    /one partition key in the target table/,
  ],
  ['canaries without target items', { model: { ...splitModel, up: () => [] } }, /no target item of canary 0/],
  [
    'a transform that cannot take a part of a group',
    { model: { ...splitModel, down: (items) => (items.length > 1 ? splitModel.down(items) : undefined) } },
    /alone is not that item/,
  ],
])('%s is refused, and no backup is taken', async (_, change, problem) => {
  const w = await world(change);
  expect((await w.problems()).join('\n')).toMatch(problem);
  expect(w.backups.size).toBe(0);
});

test('real items that the transform loses, or cannot take, are named', async () => {
  const w = await world({
    model: { ...splitModel, down: (items) => ({ ...(splitModel.down(items) as Item), size: { N: '2' } }) },
  });
  w.database.put('legacy', item('a'));
  expect((await w.problems()).join('\n')).toMatch(/Legacy item id=a: down\(up\(item\)\) is not the same item/);
  w.model = { ...splitModel, up: () => [{ place: { S: 'x' } }] };
  expect((await w.problems()).join('\n')).toMatch(/without the key attribute part/);
});

test('an item that is too large for DynamoDB after up() is named', async () => {
  const w = await world();
  w.database.put('legacy', { ...item('a'), name: { S: 'x'.repeat(400 * 1024) } });
  expect((await w.problems()).join('\n')).toMatch(/over 409600/);
});

test('a target with items of its own is refused: reconciliation would delete them', async () => {
  const w = await world();
  w.database.put('target', { place: { S: 'x' }, part: { S: 'y' } });
  expect((await w.problems()).join('\n')).toMatch(/items that no rollout wrote/);
});

test('all problems come in one error, in its text too', async () => {
  const w = await world({ legacy: { ...LEGACY, pointInTimeRecovery: false, streamView: undefined }, alarms: [] });
  expect(await w.problems()).toHaveLength(3);
  await expect(w.run()).rejects.toThrow(/3 problems\. 1\. .* 2\. .* 3\. /);
});

test('an alarm gets some time to come to OK after its metrics had data', async () => {
  const w = await world({ alarms: [{ name: 'lag', state: 'INSUFFICIENT_DATA', actionsEnabled: true }] });
  const { ports } = w;
  const alarms = {
    describe: async () => (w.slept >= 4000 ? [{ name: 'lag', state: 'OK' as const, actionsEnabled: true }] : w.alarms),
  };
  await preflight({ ...ports, alarms }, { run: 'run-1', generation: 1 });
  expect(w.published).toHaveLength(1);
  expect(w.slept).toBe(4000);
});

test('without the lease nothing is taken', async () => {
  const w = await world();
  await w.ledger.takeOver(await w.ledger.lease(), { run: 'run-1', holder: 'e-2', mode: 'soft' });
  await expect(w.run()).rejects.toMatchObject({ name: 'LeaseLost' });
  expect(w.backups.size).toBe(0);
});

test('in place only one table is looked at, whose items may expire, and which needs no canaries', async () => {
  const w = new World();
  await w.ledger.acquire('run-1', 'execution-1');
  w.legacy = { ...LEGACY, timeToLive: 'expires' };
  w.target = w.legacy;
  const model: Model = {
    ...splitModel,
    schemas: { legacy: ['id'], target: ['id'] },
    up: (item) => [{ ...item, amended: { BOOL: true } }],
    down: ([item]) => {
      const { amended: _, ...rest } = item ?? {};
      return rest;
    },
    legacyKey: (key) => key,
    canary: () => {
      throw new Error('none');
    },
    canaryNumber: () => undefined,
  };
  const database = new MemoryDatabase(model.schemas);
  database.put('legacy', { id: { S: 'a' } });
  expect(await preflight({ ...w.ports, model, database, kind: 'amend' }, { run: 'run-1', generation: 1 })).toMatchObject({
    items: 25_000,
  });
  w.legacy = w.target = { ...LEGACY, streamView: undefined };
  await expect(preflight({ ...w.ports, model, database, kind: 'amend' }, { run: 'run-1', generation: 1 })).rejects.toMatchObject({
    name: 'PreflightFailed',
    message: expect.stringContaining('1 problems'),
  });
});

test('a gate that names queries which the transform does not have is refused before anything is looked at', async () => {
  const w = await world();
  const asked = preflight(w.ports, { run: 'run-1', generation: 1, queries: ['byTown'] });
  await expect(asked).rejects.toMatchObject({
    name: 'InvalidConfiguration',
    message: expect.stringMatching(/Gate.queries\(\) names byTown, .* its queries are: none/),
  });
  expect(w.published).toEqual([]);
});
