import { type Item, keyOf, keyText } from '../../lambda/core/item';
import { STAMP } from '../../lambda/core/stamp';
import { group, partsModel } from './parts-model';
import { Process } from './process';
import type { Random } from './random';
import type { World } from './world';

/** Code without the client: it writes whole legacy items, or updates them in place, and stops when it is told to. */
export class NativeWriter {
  private readonly process: Process;
  private readonly random: Random;

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
    const parts = random.chance(0.2) ? undefined : this.parts(n);
    const copied = random.chance(0.3);
    const names = world.parts.map((part) => `${id}/${part}`);
    const operations = names.map((key) => world.history.begin(key, 'native', parts ? 'put' : 'delete', world.scheduler.now));
    operations.forEach((operation, index) => {
      operation.effects = [{ kind: 'write', value: parts?.[world.parts[index] as string] }];
    });
    await this.process.call(`native ${parts ? 'put' : 'delete'} ${id}`, async () => this.land(id, parts, copied), {
      limit: 8000,
      inFlight: 14_500,
    });
    for (const operation of operations) world.history.answered(operation, world.scheduler.now, operation.effects[0] as never);
  }

  /** An update in place leaves the token of the version before on the item. */
  private land(id: string, parts: Record<string, string> | undefined, copied: boolean): void {
    const { memory } = this.world.tables;
    const key = { id: { S: id } };
    const stamp = memory.tables.legacy.get(keyText(keyOf(key, partsModel.schemas.legacy)))?.[STAMP];
    const item: Item | undefined = parts && { ...group(id, parts), ...(copied && stamp ? { [STAMP]: stamp } : {}) };
    if (item) memory.put('legacy', item);
    else memory.remove('legacy', key);
    this.world.tables.publish();
  }

  private parts(n: number): Record<string, string> {
    const names = this.world.parts.filter(() => this.random.chance(0.6));
    const chosen = names.length > 0 ? names : [this.world.parts[0] as string];
    return Object.fromEntries(chosen.map((part) => [part, `n${n}${part}`]));
  }
}
