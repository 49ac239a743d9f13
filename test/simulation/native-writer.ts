import { type Item, keyText } from '../../lambda/core/item';
import { STAMP } from '../../lambda/core/stamp';
import { broken, group } from './parts-model';
import { Process } from './process';
import type { Random } from './random';
import type { World } from './world';

const CALL = { limit: 8000, inFlight: 14_500 };

/** Code without the client: it writes whole legacy items, or updates them in place, and stops when it is told to. */
export class NativeWriter {
  private readonly process: Process;
  private readonly random: Random;
  private mended = 1000;

  constructor(
    private readonly world: World,
    private readonly groups: readonly string[],
    private left: number,
  ) {
    this.process = new Process('native', world);
    this.random = world.dice.stream('native');
  }

  get done(): boolean {
    return this.left <= 0 || !this.process.alive;
  }

  async begin(): Promise<void> {
    while (this.left > 0 && this.world.nativeWritersMayWrite()) {
      this.left--;
      await this.process.sleep(this.random.chance(0.5) ? this.random.between(0, 500) : this.random.between(500, 15_000));
      if (!this.world.nativeWritersMayWrite()) break;
      await this.write(this.random.pick(this.groups), this.left).catch(() => {});
    }
    this.left = 0;
  }

  private async write(id: string, n: number): Promise<void> {
    const { world, random } = this;
    if (world.settings.breaks && random.chance(0.3)) return this.breakFor(id, n);
    await this.replace(id, random.chance(0.2) ? undefined : this.parts(n), random.chance(0.3));
  }

  /** Something that nothing can be made of, and something better a while later. */
  private async breakFor(id: string, n: number): Promise<void> {
    const { world, random, process } = this;
    for (const part of world.parts) this.open(`${id}/${part}`);
    await process.call(`native break ${id}`, async () => this.put(broken(id)), CALL);
    await process.sleep(random.between(100, 30_000));
    if (world.nativeWritersMayWrite()) await this.replace(id, this.parts(n), false);
  }

  /** A person puts something whole in the place of what is broken. */
  mend(id: string): Promise<void> {
    return this.replace(id, this.parts(this.mended++), false);
  }

  /** A write of which no answer is ever told, as nobody can read it. */
  private open(key: string): void {
    const operation = this.world.history.begin(key, 'native', 'break', this.world.scheduler.now);
    operation.effects = [{ kind: 'write', value: undefined }];
  }

  private async replace(id: string, parts: Record<string, string> | undefined, copied: boolean): Promise<void> {
    const { world } = this;
    const names = world.parts.map((part) => `${id}/${part}`);
    const operations = names.map((key) => world.history.begin(key, 'native', parts ? 'put' : 'delete', world.scheduler.now));
    operations.forEach((operation, index) => {
      operation.effects = [{ kind: 'write', value: parts?.[world.parts[index] as string] }];
    });
    await this.process.call(`native ${parts ? 'put' : 'delete'} ${id}`, async () => this.land(id, parts, copied), CALL);
    for (const operation of operations) world.history.answered(operation, world.scheduler.now, operation.effects[0] as never);
  }

  /** An update in place leaves the token of the version before on the item. */
  private land(id: string, parts: Record<string, string> | undefined, copied: boolean): void {
    const { tables, model } = this.world;
    const key = model.legacyKey(model.targetKey(id, 'a'));
    const stamp = tables.memory.tables.legacy.get(keyText(key))?.[STAMP];
    if (parts) this.put({ ...group(id, parts), ...(copied && stamp ? { [STAMP]: stamp } : {}) });
    else {
      // Now and then it is DynamoDB itself that deletes, by time-to-live.
      tables.memory.remove('legacy', key, this.random.chance(0.3));
      tables.publish();
    }
  }

  private put(item: Item): void {
    this.world.tables.memory.put('legacy', item);
    this.world.tables.publish();
  }

  private parts(n: number): Record<string, string> {
    const names = this.world.parts.filter(() => this.random.chance(0.6));
    const chosen = names.length > 0 ? names : [this.world.parts[0] as string];
    return Object.fromEntries(chosen.map((part) => [part, `n${n}${part}`]));
  }
}
