import { toWire } from '../../lambda/adapters/model';
import type { Item } from '../../lambda/core/item';
import { LARGEST_ITEM, sizeOf } from '../../lambda/core/item-size';
import type { Change } from '../../lambda/core/replicate';
import { stamped } from '../../lambda/core/stamp';
import { orders } from './orders-model';
import type { OrdersWorld } from './orders-world';
import { LEASE, troubled } from './scenario-world';

const HEAD = { pk: 'O#1', sk: 'HEAD#new' };
const order = (more = {}) => ({ id: '1', status: 'new', ...more });
const targetKeys = async (w: OrdersWorld) => [...(await w.contents('target')).keys()];
const named = (name: string): Error => Object.assign(new Error(name), { name });

/**
 * Every hard case by name. Each goes on until everything is quiet; whoever runs it then looks whether the target equals
 * `up` of legacy, item for item.
 */
export const HARD_CASES: Record<string, (w: OrdersWorld) => Promise<void>> = {
  'an item deleted between scan and insert comes back as a ghost, and reconciliation takes it away': async (w) => {
    await w.put(order());
    await w.news('legacy');
    w.seen = troubled(w.store.database, async (call) => {
      if (call !== 'insertAbsent') return;
      await w.remove('1');
      await w.deliver('legacy', await w.news('legacy'));
    });
    await w.backfill();
    w.seen = w.store.database;
    expect(await targetKeys(w)).toEqual(['pk=O#1,sk=HEAD#new']);
    expect(await w.reconcile()).toBe(1);
    expect(await targetKeys(w)).toEqual([]);
  },

  'an item that the new model cannot keep whole is copied by nobody, and the client builds nothing on it': async (w) => {
    await w.put(order({ lines: {} }));
    const refused = { name: 'NotRepresentable', data: { attributes: ['lines'] } };
    await expect(w.backfill()).rejects.toMatchObject(refused);
    await w.deliver('legacy', await w.news('legacy'));
    expect(await w.poison.held()).toBe(1);
    await expect(w.application.update(HEAD, (head) => ({ ...head, n: 1 }))).rejects.toMatchObject(refused);
    expect(await targetKeys(w)).toEqual([]);
    await w.put(order());
    await w.backfill();
  },

  'an item deleted and made again between scan and insert': async (w) => {
    await w.put(order({ note: 'old' }));
    await w.news('legacy');
    w.seen = troubled(w.store.database, async (call) => {
      if (call !== 'insertAbsent') return;
      await w.remove('1');
      await w.put(order({ note: 'new' }));
    });
    await w.backfill();
    w.seen = w.store.database;
    await w.drain();
    await w.reconcile();
    expect((await w.contents('target')).get('pk=O#1,sk=HEAD#new')).toContain('new');
  },

  'an item deleted and made again, with the deletion delivered after the insert': async (w) => {
    await w.application.put({ ...HEAD, note: 'old' });
    await w.drain();
    await w.application.delete(HEAD);
    await w.application.put({ ...HEAD, note: 'new' });
    const [deleted, made] = await w.news('legacy');
    await w.deliver('legacy', [made as Change]);
    await w.deliver('legacy', [deleted as Change]);
  },

  'ten updates of one key in one stream batch': async (w) => {
    await w.application.put({ ...HEAD, n: 0 });
    for (let n = 1; n <= 10; n++) await w.application.update(HEAD, (head) => ({ ...head, n }));
    const changes = await w.news('legacy');
    expect(changes).toHaveLength(11);
    expect(await w.deliver('legacy', changes)).toBeUndefined();
    expect((await w.contents('target')).get('pk=O#1,sk=HEAD#new')).toContain('N1e1');
  },

  'ten updates of one key by code without the client, in one stream batch, delivered twice': async (w) => {
    for (let n = 0; n <= 10; n++) await w.put(order({ n }));
    const changes = await w.news('legacy');
    await w.deliver('legacy', changes);
    await w.deliver('legacy', changes);
  },

  'two changes of one key split over two batches, with the first one retried': async (w) => {
    await w.application.put({ ...HEAD, n: 0 });
    await w.drain();
    await w.application.update(HEAD, (head) => ({ ...head, n: 1 }));
    await w.application.update(HEAD, (head) => ({ ...head, n: 2 }));
    const [first, second] = (await w.news('legacy')) as [Change, Change];
    await w.deliver('legacy', [first]);
    await w.deliver('legacy', [second]);
    await w.deliver('legacy', [first]);
    expect((await w.contents('target')).get('pk=O#1,sk=HEAD#new')).toContain('2');
  },

  'an echo of a reverse deletion does not delete what was made since': async (w) => {
    const echo = await echoOfDeletion(w);
    await w.application.put({ ...HEAD, n: 2 });
    await w.deliver('legacy', echo);
    await w.drain();
    expect((await w.contents('legacy')).size).toBe(1);
  },

  'an echo of a reverse deletion that is read after authority has gone back': async (w) => {
    const echo = await echoOfDeletion(w);
    await w.everyoneIn('dual-target');
    await w.everyoneIn('dual-legacy');
    await w.application.put({ ...HEAD, n: 2 });
    await w.deliver('legacy', echo);
    await w.drain();
    expect((await w.contents('legacy')).size).toBe(1);
  },

  'an item whose target key changes on update': async (w) => {
    await w.put(order());
    await w.drain();
    await w.put(order({ status: 'paid' }));
    await w.drain();
    expect(await targetKeys(w)).toEqual(['pk=O#1,sk=HEAD#paid']);
    await w.put(order({ status: 'sent' }));
    await w.put(order({ status: 'paid' }));
    const [there, back] = (await w.news('legacy')) as [Change, Change];
    await w.deliver('legacy', [back]);
    await w.deliver('legacy', [there]);
    expect(await targetKeys(w)).toEqual(['pk=O#1,sk=HEAD#paid']);
  },

  'one legacy item that becomes three, then two, each time in one transaction': async (w) => {
    await w.put(order({ lines: { a: 1 } }));
    await w.drain();
    let writes = 0;
    w.seen = troubled(w.store.database, (call) => {
      if (call === 'write') writes++;
    });
    await w.put(order({ lines: { a: 1, b: 2 } }));
    await w.drain();
    expect(writes).toBe(1);
    expect(await targetKeys(w)).toHaveLength(3);
    await w.put(order({ lines: { c: 3 } }));
    await w.drain();
    expect(writes).toBe(2);
    expect(await targetKeys(w)).toEqual(['pk=O#1,sk=HEAD#new', 'pk=O#1,sk=LINE#c']);
  },

  'records of one transaction interleaved with those of others, in any order': async (w) => {
    await w.everyoneIn('target');
    const line = (name: string, line: number) => ({ pk: 'O#1', sk: `LINE#${name}`, line });
    await w.application.put(HEAD);
    for (const name of ['a', 'b', 'c']) await w.application.put(line(name, 1));
    await w.drain();
    await w.everyoneIn('dual-target');
    await w.application.put(line('a', 2));
    await w.everyoneIn('target');
    await w.application.put(line('b', 2));
    await w.application.delete({ pk: 'O#1', sk: 'LINE#c' });
    const changes = await w.news('target');
    await w.deliver('target', [...changes].reverse());
    await w.deliver('target', [...changes.slice(1), ...changes.slice(0, 1)]);
  },

  'a deletion by time-to-live of the legacy table is followed': async (w) => {
    await w.put(order());
    await w.drain();
    await w.remove('1');
    await w.deliver('legacy', (await w.news('legacy')).map(byService));
    expect(await targetKeys(w)).toEqual([]);
  },

  'a deletion by time-to-live of the target table is never carried back': async (w) => {
    await w.everyoneIn('target');
    await w.application.put(HEAD);
    await w.drain();
    await w.store.remove('target', { pk: { S: HEAD.pk }, sk: { S: HEAD.sk } });
    await w.deliver('target', (await w.news('target')).map(byService));
    expect((await w.contents('legacy')).size).toBe(1);
    await w.everyoneIn('legacy');
    await w.reconcile();
  },

  'numbers of 38 digits, empty texts and binary, sets, nested nulls keep their value both ways': async (w) => {
    const exact: Item = {
      id: { S: '1' },
      status: { S: 'new' },
      digits: { N: '12345678901234567890123456789012345678' },
      tiny: { N: '1E-130' },
      text: { S: '' },
      bytes: { B: new Uint8Array() },
      numbers: { NS: ['1', '98765432109876543210987654321098765432'] },
      texts: { SS: ['a', 'b'] },
      blobs: { BS: [new Uint8Array([0, 255])] },
      nested: { L: [{ NULL: true }, { M: { none: { NULL: true }, list: { L: [] } } }] },
    };
    await w.store.put('legacy', exact);
    await w.drain();
    await w.everyoneIn('dual-legacy');
    await w.application.update(HEAD, (head) => ({ ...head, touched: true }));
    await w.everyoneIn('dual-target');
    await w.application.update(HEAD, (head) => ({ ...head, touched: false }));
    await w.everyoneIn('target');
    await w.application.update(HEAD, ({ touched: _, ...head } = {}) => head);
    await w.drain();
    const [legacy] = await w.store.items('legacy');
    const { _rollout, ...rest } = legacy as Item;
    const { N } = rest.digits as { N: string };
    expect(BigInt(N)).toBe(12345678901234567890123456789012345678n);
    expect(Object.keys(rest).sort()).toEqual(Object.keys(exact).sort());
    expect((await w.contents('legacy')).get('id=1')).toContain('98765432109876543210987654321098765432');
  },

  'an item of 399 KB': async (w) => {
    const room = 399 * 1024 - sizeOf(stamped(toWire(order({ fill: '' })), 't'.repeat(36), 'client'));
    await w.put(order({ fill: 'x'.repeat(room) }));
    await w.drain();
    await w.application.update(HEAD, (head) => ({ ...head, fill: `y${'x'.repeat(room - 1)}` }));
    await w.drain();
    const [item] = await w.store.items('target');
    expect(sizeOf(item as Item)).toBeGreaterThan(398 * 1024);
  },

  'an item that up makes larger than 400 KB is poison, not lost, and is settled when it is mended': async (w) => {
    await w.put({ id: 'good', status: 'new' });
    await w.put(order({ inflate: LARGEST_ITEM }));
    const changes = await w.news('legacy');
    expect(await w.deliver('legacy', changes)).toBeUndefined();
    expect(w.poison.texts).toHaveLength(1);
    expect((await w.ledger.counter('divergence')).count).toBe(1);
    expect(await targetKeys(w)).toEqual(['pk=O#good,sk=HEAD#new']);
    await w.put(order());
    await w.drain();
  },

  'a throttle of ten seconds': async (w) => {
    await w.put(order());
    const over = w.time + 10_000;
    const throttle = () => {
      if (w.time < over) throw named('ProvisionedThroughputExceededException');
    };
    w.seen = troubled(w.store.database, throttle);
    const changes = await w.news('legacy');
    while ((await w.deliver('legacy', changes)) !== undefined) w.time += 1000;
    expect(w.time).toBeGreaterThanOrEqual(over);
    w.seen = troubled(w.store.database, (call) => {
      if (call === 'insertAbsent' && w.time < over + 10_000) throw named('ProvisionedThroughputExceededException');
    });
    await w.put({ id: '2', status: 'new' });
    await w.backfill();
  },

  'a stream delayed past a stage: nothing is proved, so authority does not move, until it has drained': async (w) => {
    await w.everyoneIn('dual-legacy');
    await w.drain();
    await w.put(order({ n: 1 }));
    await expect(w.prove('held back')).rejects.toMatchObject({ name: 'ReplicationNotProved' });
    expect(await targetKeys(w)).not.toContain('pk=O#1,sk=HEAD#new');
    await w.prove('running');
    expect(await targetKeys(w)).toEqual(['pk=O#1,sk=HEAD#new']);
    await w.everyoneIn('target');
    await w.application.update(HEAD, (head) => ({ ...head, n: 2 }));
    await expect(w.prove('held back')).rejects.toMatchObject({ name: 'ReplicationNotProved' });
    await w.prove('running');
    expect((await w.contents('legacy')).get('id=1')).toContain('N2e0');
  },

  'a client that cannot reach AppConfig for longer than its lease stops, and nothing of it lands': async (w) => {
    await w.everyoneIn('shadow');
    await w.application.put({ ...HEAD, n: 1 });
    w.table = undefined;
    w.time += LEASE + 1;
    await expect(w.application.put({ ...HEAD, n: 2 })).rejects.toMatchObject({ name: 'LeaseExpired' });
    await expect(w.application.get(HEAD)).rejects.toMatchObject({ name: 'LeaseExpired' });
    w.time += LEASE;
    await w.everyoneIn('dual-legacy');
    await w.drain();
    expect(await w.application.get(HEAD)).toMatchObject({ n: 1 });
  },

  'a client that pauses for a minute in the middle of a write sends nothing on the strength of an old table': async (w) => {
    await w.everyoneIn('legacy');
    await w.application.put({ ...HEAD, n: 1 });
    await w.drain();
    let paused = false;
    w.seen = troubled(w.store.database, async (call) => {
      if (call !== 'get' || paused) return;
      paused = true;
      w.time += LEASE + 1;
      w.seen = w.store.database;
      for (const position of ['shadow', 'dual-legacy', 'dual-target', 'target'] as const) await w.everyoneIn(position);
      await w.application.put({ ...HEAD, n: 2 });
      await w.drain();
    });
    await w.application.update(HEAD, (head) => ({ ...head, m: 1 }));
    await w.drain();
    expect(await w.application.get(HEAD)).toMatchObject({ n: 2, m: 1 });
  },

  'a write in flight that lands after its client was given up loses to the version that stands by then': async (w) => {
    await w.everyoneIn('dual-target');
    await w.application.put({ ...HEAD, n: 1 });
    const thawed: (() => Promise<unknown>)[] = [];
    const { database } = w.store;
    w.seen = new Proxy(database, {
      get:
        (target, name: keyof typeof database) =>
        async (...given: never[]) => {
          const call = () => (target[name] as (...args: never[]) => Promise<unknown>).apply(target, given);
          if (name !== 'write') return call();
          thawed.push(call);
          throw named('TimeoutError');
        },
    });
    await expect(w.application.update(HEAD, (head) => ({ ...head, n: 99 }) as never)).rejects.toThrow('TimeoutError');
    w.seen = database;
    await w.application.update(HEAD, (head) => ({ ...head, n: 2 }));
    await w.everyoneIn('target');
    for (const thaw of thawed) await thaw();
    await w.drain();
    expect(await w.application.get(HEAD)).toMatchObject({ n: 2 });
  },
};

/** What legacy's stream says of an item that reverse replication deleted there, before anybody has heard it. */
async function echoOfDeletion(w: OrdersWorld): Promise<Change[]> {
  await w.everyoneIn('target');
  await w.application.put({ ...HEAD, n: 1 });
  await w.drain();
  await w.application.delete(HEAD);
  await w.deliver('target', await w.news('target'));
  const echo = await w.news('legacy');
  expect(echo.some(({ after }) => after === undefined)).toBe(true);
  return echo;
}

function byService(change: Change): Change {
  return { ...change, byService: true };
}

/** The model's keys are what these cases rest on. */
export const SCHEMAS = orders.schemas;
