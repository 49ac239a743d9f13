import { fromWire, toWire } from '../../lambda/adapters/model';
import { Rollout } from '../../lambda/client';
import type { Access } from '../../lambda/client/access';
import type { Table } from '../../lambda/client/table';
import type { Attribute } from '../../lambda/core/item';
import type { Effect, Operation } from './history';
import { Process } from './process';
import type { Random } from './random';
import { readName, writeName } from './values';
import type { World } from './world';

/** What a client does next. */
export interface Intention {
  readonly kind: 'get' | 'put' | 'update' | 'delete' | 'query';
  readonly group: string;
  readonly part: string;
  /** Names the value that is written; unique in a run. */
  readonly name: string;
}

interface Part {
  pk: string;
  part: unknown;
  v?: unknown;
}

/** A value as the application has it, from the name of the write, and back. */
const valueOfName = (name: string): unknown => fromWire({ v: writeName(name) }).v;
const nameIn = (item: Part | undefined): string | undefined => item && readName(toWire({ v: item.v }).v as Attribute);

/** Errors after which nothing was written, and nothing will be (see `Table`). */
const REFUSALS = [
  'LeaseExpired',
  'WritesFenced',
  'TooMuchContention',
  'NotRepresentable',
  'Diverged',
  'InvalidItem',
  'GroupTooLarge',
  'TransformFailed',
];

const MEETING = 20_000;

/** The application: it does what it intends, one thing after the other, in bursts, and begins anew after a crash. */
export class Client {
  done = false;
  private lives = 0;
  private readonly random: Random;
  private process!: Process;
  private table!: Table<Part>;
  private unreachableUntil = 0;
  private readonly all: number;

  constructor(
    private readonly world: World,
    readonly name: string,
    private readonly intentions: Intention[],
  ) {
    this.random = world.dice.stream(`client ${name}`);
    this.all = intentions.length;
  }

  begin(): void {
    const { world } = this;
    this.lives++;
    this.process = new Process(`${this.name}${this.lives > 1 ? `.${this.lives}` : ''}`, world);
    this.process.onCrash = () => world.scheduler.after(this.random.between(500, 20_000), () => this.begin());
    const access: Access = {
      database: world.databaseOf(this.process),
      model: world.model,
      routing: world.routingOf(this.process, () => world.scheduler.now >= this.unreachableUntil),
      tokens: world.tokens,
      clock: this.process.clock,
      random: this.process.draw,
      tell: ({ type }) => world.tell(this.name, `hears ${type}`),
      fenceWait: 5000,
    };
    const rollout = new Rollout(access, { secondLook: 5000, pause: this.process.clock.sleep });
    this.table = rollout.table<Part>();
    void this.work();
  }

  private async work(): Promise<void> {
    const { world, intentions } = this;
    const { busy } = world.settings;
    const share = Math.ceil(this.all / busy.length);
    while (intentions.length > 0) {
      const begun = this.all - intentions.length;
      if (begun % share === 0) await this.hear(world.milestones.reached(busy[begun / share] as number));
      await this.process.sleep(this.rest());
      this.loseAppConfig();
      await this.act(intentions.shift() as Intention);
    }
    this.done = true;
  }

  /**
   * Bursts, and rests after which the routing table at hand is old but still under lease. Some rests end at the full
   * twenty seconds, so that clients meet.
   */
  private rest(): number {
    const { random } = this;
    const drawn = random.next();
    if (drawn < 0.3) return drawn * 50;
    if (drawn < 0.6) return drawn * 600;
    const long = drawn < 0.9 ? random.between(15_000, 60_000) : random.between(500, 10_000);
    const { now } = this.world.scheduler;
    return random.chance(0.5) ? long : Math.ceil((now + long) / MEETING) * MEETING - now + random.between(0, 20);
  }

  private loseAppConfig(): void {
    const { world, random } = this;
    if (!world.dice.happens('partition', 0.03, random, this.name)) return;
    this.unreachableUntil = world.scheduler.now + random.between(20_000, 240_000);
    world.tell(this.name, 'loses AppConfig');
  }

  /** What comes from outside, when the process lives and is awake. */
  private hear(event: Promise<void>): Promise<void> {
    const { process } = this;
    return new Promise((resolve) => event.then(() => process.deliver(resolve)));
  }

  private async act({ kind, group, part, name }: Intention): Promise<void> {
    const { table } = this;
    const key = fromWire(this.world.model.targetKey(group, part)) as unknown as Part;
    switch (kind) {
      case 'get':
        return this.read(`${group}/${part}`, 'get', async () => [nameIn(await table.get(key))]);
      case 'query':
        return this.query(group);
      case 'put':
        return this.write(`${group}/${part}`, `put ${name}`, [{ kind: 'write', value: name }], () =>
          table.put({ ...key, v: valueOfName(name) }),
        );
      case 'delete':
        return this.write(`${group}/${part}`, 'delete', [{ kind: 'write', value: undefined }], () => table.delete(key));
      case 'update': {
        const tries: Effect[] = [];
        await this.write(`${group}/${part}`, `update ${name}`, tries, async () => {
          const result = await table.update(key, (current) => {
            const value = `${name}.${tries.length}`;
            tries.push({ kind: 'change', from: nameIn(current), value });
            return { ...key, v: valueOfName(value) };
          });
          return tries.find(({ value }) => value === nameIn(result));
        });
      }
    }
  }

  /** Everything in the partition of a group, which may be that of other groups, too. */
  private async query(group: string): Promise<void> {
    const { model, settings, parts } = this.world;
    const groups = settings.shape === 'shared' ? settings.groups : [group];
    const keys = groups.flatMap((each) => parts.map((part) => `${each}/${part}`));
    const { pk } = fromWire(model.targetKey(group, 'a')) as unknown as Part;
    await this.read(keys, 'query', async () => {
      const found = (await this.table.query({ pk })).map((item) => [model.place(toWire(item)).join('/'), nameIn(item)] as const);
      const order = found.map(([key]) => key);
      if (`${order}` !== `${[...order].sort()}`) throw new Error(`A query answered out of order: ${order}`);
      return keys.map((key) => new Map(found).get(key));
    });
  }

  private async read(keys: string | string[], name: string, work: () => Promise<(string | undefined)[]>): Promise<void> {
    const { world } = this;
    const operations = [keys].flat().map((key) => world.history.begin(key, this.name, name, world.scheduler.now));
    try {
      const values = await work();
      for (const [n, operation] of operations.entries()) {
        world.history.answered(operation, world.scheduler.now, { kind: 'read', value: values[n] });
      }
      world.tell(this.name, `${name} ${keys}`, () => `gives ${values.map((value) => value ?? 'nothing').join(', ')}`);
    } catch (error) {
      for (const operation of operations) world.history.refused(operation);
      world.tell(this.name, `${name} ${keys}`, () => `fails: ${error}`);
    }
  }

  private async write(key: string, name: string, effects: Effect[], work: () => Promise<unknown>): Promise<void> {
    const { world } = this;
    const operation: Operation = world.history.begin(key, this.name, name, world.scheduler.now);
    operation.effects = effects;
    world.tell(this.name, `${name} ${key}`, () => 'begins');
    try {
      const effect = ((await work()) ?? effects[0]) as Effect;
      world.history.answered(operation, world.scheduler.now, effect);
      world.tell(this.name, `${name} ${key}`, () => `done: ${effect.value ?? 'nothing'}`);
    } catch (error) {
      const refused = REFUSALS.includes((error as Error).name);
      if (refused) world.history.refused(operation);
      world.refusal((error as Error).name);
      world.tell(this.name, `${name} ${key}`, () => `fails${refused ? '' : ', outcome unknown'}: ${error}`);
    }
  }
}
