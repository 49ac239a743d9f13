import type { Scheduler } from 'fast-check';
import { expected } from '../../lambda/core/group';
import { type Item, keyOf } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { Write } from '../../lambda/core/ports';
import type { Side } from '../../lambda/core/position';
import type { Change, Replicated } from '../../lambda/core/replicate';
import type { Settling } from '../../lambda/core/settle';
import { STAMP, stamped } from '../../lambda/core/stamp';
import { MemoryDatabase, type StreamRecord } from '../memory/memory-database';
import { counting } from './models';

/**
 * A database whose every call waits for its turn, given by fast-check, and the work around it: writers, and a stream
 * that is delivered in order, each record at least once, with second deliveries at any time and side by side.
 */
export class World {
  readonly database: MemoryDatabase;
  readonly tokens = counting();
  readonly settling: Settling;
  private writing = 0;

  constructor(
    readonly model: Model,
    private readonly scheduler: Scheduler,
  ) {
    this.database = new MemoryDatabase(model.schemas);
    this.settling = { database: this.database, model, tokens: this.tokens, mayWrite: () => {} };
  }

  /** From now on calls take turns. */
  interleave(): void {
    this.database.before = (call) => this.turn(call);
  }

  /** From now on calls are answered at once. */
  calm(): void {
    this.database.before = () => {};
  }

  turn(what: string): Promise<void> {
    return this.scheduler.schedule(Promise.resolve(), what);
  }

  /** Runs some operations one after the other; deliveries end only when all writers have. */
  async writer(operations: readonly (() => Promise<void>)[]): Promise<void> {
    this.writing++;
    for (const operation of operations) await operation();
    this.writing--;
  }

  /** A client in `legacy` or `shadow`, or in `dual-legacy`, which writes the target along. */
  async writeLegacy(key: Item, next: Item | undefined, dual: boolean): Promise<void> {
    for (;;) {
      const now = await this.database.get('legacy', key);
      if (!now && !next) return;
      const when = now ? ({ is: 'unchanged', since: now } as const) : ({ is: 'absent' } as const);
      const token = this.tokens();
      const own: Write = next
        ? { do: 'put', side: 'legacy', item: stamped(next, token, 'client'), when }
        : { do: 'delete', side: 'legacy', key, when };
      if (await this.database.write([own, ...(dual ? this.follow(now, next, token) : [])])) return;
    }
  }

  private follow(now: Item | undefined, next: Item | undefined, token: string): Write[] {
    const after = expected(this.model, next);
    const gone = [...expected(this.model, now)].filter(([text]) => !after.has(text));
    return [
      ...[...after.values()].map((item): Write => ({ do: 'put', side: 'target', item: stamped(item, token, 'client') })),
      ...gone.map(([, item]): Write => ({ do: 'delete', side: 'target', key: keyOf(item, this.model.schemas.target) })),
    ];
  }

  /** Code without the client: puts the whole item, or updates it in place, which leaves the old token on it. */
  async writeNative(key: Item, next: Item | undefined, inPlace: boolean): Promise<void> {
    const now = await this.database.get('legacy', key);
    const current = this.database
      .items('legacy')
      .find((item) => item.id && key.id && JSON.stringify(item.id) === JSON.stringify(key.id));
    const stamp = inPlace ? current?.[STAMP] : undefined;
    if (next) this.database.put('legacy', stamp ? { ...next, [STAMP]: stamp } : next);
    else if (now) this.database.remove('legacy', key);
  }

  /** Delivers the stream of a side until the writers have ended and everything has been delivered. */
  async deliver(side: Side, replicate: (change: Change) => Promise<Replicated>): Promise<void> {
    for (let at = 0; at < this.database.changes.length || this.writing > 0; ) {
      const record = this.database.changes[at];
      if (!record) await this.turn('wait for a record');
      else if (record.side !== side || (await delivered(replicate, record))) at++;
    }
  }

  /** Delivers one record once more, at any time after it came to be; not at all when there is none. */
  async deliverAgain(side: Side, nth: number, replicate: (change: Change) => Promise<Replicated>): Promise<void> {
    for (;;) {
      await this.turn('again');
      const records = this.database.changes.filter((record) => record.side === side);
      const record = records[nth];
      if (record) return void (await delivered(replicate, record));
      if (this.writing === 0) return;
    }
  }
}

/** Failures after which a record is delivered again. */
const AGAIN = ['TooMuchContention'];

/** False when it has to be delivered again. */
async function delivered(replicate: (change: Change) => Promise<Replicated>, record: StreamRecord): Promise<boolean> {
  try {
    await replicate(record);
    return true;
  } catch (error) {
    if (AGAIN.includes((error as Error).name)) return false;
    throw error;
  }
}
