import type { StreamTail } from '../../lambda/core/control';
import type { KeySchema } from '../../lambda/core/item';
import { type Item, keyOf, keyText } from '../../lambda/core/item';
import type { GivenUp } from '../../lambda/core/poison';
import type { Change, StreamRecord } from '../../lambda/core/replicate';
import type { Process } from './process';
import { hashOf } from './random';

/** One shard: the changes of the keys whose hash is in its range, in order. A closed one gets no more. */
export interface Shard {
  readonly id: number;
  readonly parent?: Shard;
  readonly from: number;
  readonly to: number;
  open: boolean;
  readonly records: StreamRecord[];
}

const WHOLE = 2 ** 32;

/** The stream of one table. */
export class TableStream {
  readonly shards: Shard[] = [];
  /** Hears of each new record and each new shard. */
  heard: (shard: Shard) => void = () => {};
  private sequence = 0;

  constructor(
    private readonly schema: KeySchema,
    shards: number,
  ) {
    for (let n = 0; n < shards; n++) this.add((n * WHOLE) / shards, ((n + 1) * WHOLE) / shards);
  }

  append(change: Change, createdAt: number): void {
    const hash = hashOf(keyText(keyOf(change.key, [this.schema[0]]))) >>> 0;
    const shard = this.shards.find(({ open, from, to }) => open && hash >= from && hash < to) as Shard;
    this.sequence++;
    shard.records.push({ change, sequence: String(this.sequence).padStart(8, '0'), createdAt });
    this.heard(shard);
  }

  /** Closes a shard; two children follow it, each with half of its keys. */
  split(shard: Shard): void {
    if (!shard.open) return;
    shard.open = false;
    const middle = (shard.from + shard.to) / 2;
    this.add(shard.from, middle, shard);
    this.add(middle, shard.to, shard);
    this.heard(shard);
  }

  private add(from: number, to: number, parent?: Shard): void {
    this.shards.push({ id: this.shards.length, parent, from, to, open: true, records: [] });
  }
}

const TAIL = { limit: 5000, inFlight: 6000 };

/** The open end of a stream, read by a process: each open shard from its end, each later one from its beginning. */
export async function openTail(process: Process, stream: TableStream): Promise<StreamTail> {
  const positions = new Map<Shard, number>();
  const known = new Set<Shard>();
  await process.call(
    'open tail',
    async () => {
      for (const shard of stream.shards) known.add(shard);
      for (const shard of stream.shards.filter(({ open }) => open)) positions.set(shard, shard.records.length);
    },
    TAIL,
  );
  const readShard = async (shard: Shard, isOurs: (key: Item) => boolean) => {
    const covered = shard.records.slice(positions.get(shard)).some(({ change }) => isOurs(change.key));
    positions.set(shard, shard.records.length);
    if (covered) positions.delete(shard);
    else if (!shard.open) {
      positions.delete(shard);
      for (const later of stream.shards.filter((candidate) => !known.has(candidate))) {
        known.add(later);
        positions.set(later, 0);
      }
    }
  };
  return {
    uncovered: () => positions.size,
    read: async (isOurs) => {
      await Promise.all([...positions.keys()].map((shard) => process.call('read tail', () => readShard(shard, isOurs), TAIL)));
    },
  };
}

/** Reads the records of a batch that was given up again. */
export function readBatch(process: Process, stream: TableStream, batch: GivenUp): Promise<StreamRecord[]> {
  const { shardId, startSequenceNumber, endSequenceNumber } = batch;
  const inside = ({ sequence }: StreamRecord) => sequence >= startSequenceNumber && sequence <= endSequenceNumber;
  return process.call('read batch', async () => (stream.shards[Number(shardId)] as Shard).records.filter(inside), TAIL);
}
