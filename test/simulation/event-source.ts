import type { StreamRecord } from '../../lambda/core/replicate';
import type { MemoryQueue } from '../memory/memory-queue';
import type { LambdaFunction } from './lambda-function';
import type { Surroundings } from './process';
import type { Random } from './random';
import type { Shard, TableStream } from './streams';

const BATCH = 5;

/**
 * The event source mapping of one stream: one batch of a shard at a time, in order, children after their parent; what
 * fails comes again from there on, and what was done may come again, too.
 */
export class EventSource {
  private readonly positions = new Map<Shard, number>();
  private readonly busy = new Set<Shard>();
  private readonly random: Random;

  constructor(
    private readonly name: string,
    private readonly around: Surroundings,
    private readonly stream: TableStream,
    private readonly handler: LambdaFunction,
    /** Where batches go that it gives up on. */
    private readonly givenUp: MemoryQueue,
    /** Where it starts in shards that are there by then. */
    private readonly start: 'TRIM_HORIZON' | 'LATEST' = 'TRIM_HORIZON',
  ) {
    this.random = around.dice.stream(`source ${name}`);
  }

  /** True when every record has been carried. */
  get drained(): boolean {
    return this.busy.size === 0 && this.stream.shards.every((shard) => this.position(shard) === shard.records.length);
  }

  /** Starts it where it is to start. */
  begin(): void {
    this.stream.heard = (shard) => this.poke(shard);
    for (const shard of this.stream.shards) {
      if (this.start === 'LATEST') this.positions.set(shard, shard.records.length);
      this.poke(shard);
    }
  }

  private poke(shard: Shard): void {
    if (this.busy.has(shard) || !this.isReady(shard)) return;
    if (this.position(shard) >= shard.records.length) {
      for (const child of this.stream.shards) if (child.parent === shard && !shard.open) this.poke(child);
      return;
    }
    this.busy.add(shard);
    this.around.scheduler.after(this.delay(), () => void this.carry(shard));
  }

  private isReady({ parent }: Shard): boolean {
    return (
      !parent ||
      (!parent.open && !this.busy.has(parent) && this.position(parent) === parent.records.length && this.isReady(parent))
    );
  }

  private async carry(shard: Shard): Promise<void> {
    const { dice } = this.around;
    const from = this.position(shard);
    const batch = shard.records.slice(from, from + 1 + this.random.below(BATCH));
    const failed = await this.invoke(batch);
    const again = dice.happens('redelivered', 0.03, this.random, 'stream');
    if (failed === undefined && !again) this.positions.set(shard, from + batch.length);
    if (failed !== undefined && dice.happens('given-up', 0.03, this.random, this.name)) {
      this.positions.set(shard, from + batch.length);
      await this.giveUp(shard, batch);
    } else if (typeof failed === 'string') {
      this.positions.set(
        shard,
        from +
          Math.max(
            0,
            batch.findIndex(({ sequence }) => sequence === failed),
          ),
      );
    }
    if (failed !== undefined)
      await new Promise<void>((resolve) => this.around.scheduler.after(this.random.between(200, 3000), resolve));
    this.busy.delete(shard);
    this.poke(shard);
  }

  /** As the service writes it (AWS Lambda Developer Guide, "Retain discarded records for a DynamoDB event source"). */
  private async giveUp(shard: Shard, batch: readonly StreamRecord[]): Promise<void> {
    const [first, last] = [batch[0] as StreamRecord, batch.at(-1) as StreamRecord];
    this.around.tell(this.name, 'gives up a batch', () => `${first.sequence} to ${last.sequence}`);
    const info = { streamArn: this.name, shardId: String(shard.id), batchSize: batch.length };
    const range = { startSequenceNumber: first.sequence, endSequenceNumber: last.sequence };
    await this.givenUp.send(JSON.stringify({ DDBStreamBatchInfo: { ...info, ...range } }));
  }

  /** The sequence number of the record that failed; undefined when none did, and `all` when the function ended. */
  private async invoke(batch: StreamRecord[]): Promise<string | undefined> {
    try {
      return (await this.handler.invoke(batch)) as string | undefined;
    } catch {
      return 'all';
    }
  }

  private position(shard: Shard): number {
    return this.positions.get(shard) ?? 0;
  }

  /** Mostly at once, sometimes seconds or minutes later. */
  private delay(): number {
    if (this.around.dice.happens('stalled', 0.004, this.random, this.name)) return this.random.between(20_000, 400_000);
    return this.random.chance(0.96) || this.around.dice.isCalm() ? this.random.between(2, 40) : this.random.between(500, 6000);
  }
}
