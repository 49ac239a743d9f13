import type { Clock } from './control';
import { RolloutError } from './errors';
import { type Item, keyOf } from './item';
import type { Checkpoint, Ledger } from './ledger';
import type { Model } from './model';
import type { Database } from './ports';
import type { Side } from './position';

/** One slice of a table and the phase of a run that walks it. */
export interface Slice {
  readonly run: string;
  readonly generation: number;
  readonly phase: string;
  readonly side: Side;
  readonly slice: number;
  readonly slices: number;
  /** True where nothing is written to the tables: such a walk may be about a run that has ended. */
  readonly readsOnly?: boolean;
}

/** What walking a slice needs from outside. */
export interface Walking {
  readonly database: Database;
  readonly model: Model;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Milliseconds until the process ends. */
  readonly remaining: () => number;
}

/** Sums over the items of a slice, by name. */
export type Counts = Record<string, number>;

/** What to do with some items, in order and completely: when it returns, nothing of it is in flight. */
export type Work = (items: Item[]) => Promise<Counts>;

/** What a walk gathers besides counts. It is saved right before a checkpoint, which names what was saved. */
export interface Gathering {
  /** Begins anew, or where the checkpoint that the walk goes on from says. */
  begin(saved: string | undefined): Promise<void>;
  /** Saves all of it under a name of its own. */
  save(): Promise<string>;
  /** Milliseconds between two checkpoints, at least: saving takes longer than a checkpoint. */
  readonly interval: number;
}

/** Slices of one phase: a bound of the state machine's input, 256 KB, with room to spare. */
export const MOST_SLICES = 1000;

/** A worker stops when it has worked this long, or when so little time is left: a write in flight must land before the end. */
const WORK_MILLISECONDS = 10 * 60_000;
const SPARE_MILLISECONDS = 30_000;

/** Between two checkpoints, at least. */
const CHECKPOINT_MILLISECONDS = 1000;

/** Errors of the transform, which the next try meets again. */
const LASTING = ['TransformFailed', 'TransformImpure', 'NotRepresentable', 'GroupTooLarge'];

/** How many items to take on next: always as many, or asked each time. */
export type Size = number | (() => Promise<number>);

/**
 * Walks a slice from its checkpoint on, `size` items at a time: scan, work, checkpoint. A checkpoint is written only for
 * items whose work is done, so a walk that stops anywhere does some items again and leaves none out. A slice that is
 * done stays done. The lease is asked for at the start and with each checkpoint: a worker of a run that was taken over stops.
 *
 * What is gathered belongs to the checkpoint: a walk that goes on elsewhere begins with what that one had gathered.
 *
 * @returns `done: false` when the time is up; call it again. `counts` are those of the whole slice so far
 * @throws LeaseLost; and TransformFailed and its kind, which are in the ledger then
 */
export async function walkSlice(
  walking: Walking,
  slice: Slice,
  work: Work,
  size: Size,
  gathering?: Gathering,
): Promise<{ done: boolean; counts: Counts }> {
  const { ledger, database, clock, model } = walking;
  const saved = await ledger.checkpoint(slice.run, slice.phase, slice.slice);
  if (saved?.done) return { done: true, counts: { ...saved.counts } };
  await requireTurn(ledger, slice);
  await gathering?.begin(saved?.gathered);
  const progress = new Progress(walking, slice, saved, gathering);
  for (;;) {
    const page = await database.scan(slice.side, { segment: slice.slice, segments: slice.slices, after: progress.cursor });
    progress.add({ readUnits: page.units });
    for (let at = 0; at < page.items.length; ) {
      const items = page.items.slice(at, at + (typeof size === 'number' ? size : await size()));
      at += items.length;
      const last = at === page.items.length;
      // Any key of a segment can be where its scan goes on (DynamoDB API, Scan: ExclusiveStartKey).
      const next = last ? page.next : keyOf(items.at(-1) as Item, model.schemas[slice.side]);
      progress.add(await progress.attempt(() => work(items)));
      progress.cursor = next;
      if (next && progress.timeIsUp(clock.now())) return progress.stop(false);
      if (next) await progress.checkpoint();
    }
    progress.cursor = page.next;
    if (!page.next) return progress.stop(true);
    if (progress.timeIsUp(clock.now())) return progress.stop(false);
  }
}

/** Whoever writes needs the lease; whoever reads, only that nobody had it since. @throws LeaseLost */
async function requireTurn(ledger: Ledger, { generation, readsOnly }: Pick<Slice, 'generation' | 'readsOnly'>): Promise<void> {
  if (readsOnly) await ledger.stillAt(generation);
  else await ledger.hold(generation);
}

class Progress {
  cursor: Item | undefined;
  private readonly counts: Counts;
  private readonly startedAt: number;
  private savedAt: number;

  constructor(
    private readonly walking: Walking,
    private readonly slice: Slice,
    saved: Checkpoint | undefined,
    private readonly gathering: Gathering | undefined,
  ) {
    this.cursor = saved?.cursor;
    this.counts = { ...saved?.counts, failed: 0 };
    this.startedAt = walking.clock.now();
    this.savedAt = this.startedAt;
  }

  add(counts: Counts): void {
    for (const [name, count] of Object.entries(counts)) this.counts[name] = (this.counts[name] ?? 0) + count;
  }

  timeIsUp(now: number): boolean {
    return this.walking.remaining() < SPARE_MILLISECONDS || now - this.startedAt > WORK_MILLISECONDS;
  }

  async checkpoint(): Promise<void> {
    if (this.walking.clock.now() - this.savedAt < (this.gathering?.interval ?? CHECKPOINT_MILLISECONDS)) return;
    await this.save(false);
  }

  async stop(done: boolean): Promise<{ done: boolean; counts: Counts }> {
    await this.save(done);
    return { done, counts: { ...this.counts } };
  }

  /** Does the work. An item that the transform fails on is not skipped: it goes to the ledger and ends the slice. */
  async attempt(work: () => Promise<Counts>): Promise<Counts> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && LASTING.includes(error.name)) await this.fail(error);
      throw error;
    }
  }

  private async fail(error: Error): Promise<void> {
    const { run, phase, slice, side } = this.slice;
    const { data, cause } = error as Partial<RolloutError>;
    const because = cause instanceof Error ? `${cause.name}: ${cause.message}` : cause;
    this.counts.failed = 1;
    await this.walking.ledger.append(run, 'slice-failed', {
      ...{ phase, side, slice, error: error.name, message: error.message },
      ...{ key: data?.key, cause: because === undefined ? undefined : String(because) },
    });
    await this.save(false);
  }

  private async save(done: boolean): Promise<void> {
    const { run, phase, slice } = this.slice;
    const { ledger, clock } = this.walking;
    await requireTurn(ledger, this.slice);
    const gathered = await this.gathering?.save();
    const checkpoint = { cursor: this.cursor, done, counts: { ...this.counts }, ...(gathered ? { gathered } : {}) };
    await ledger.saveCheckpoint(run, phase, slice, checkpoint);
    this.savedAt = clock.now();
  }
}

/** The name that the checkpoints of one side of a phase have: both sides of a reconciliation are walked in one phase. */
export function phaseOfSide(phase: string, side: Side): string {
  return `${phase}/${side}`;
}

/** Every name that the checkpoints of a phase may have. */
export function phasesOf(phase: string): string[] {
  return [phase, phaseOfSide(phase, 'legacy'), phaseOfSide(phase, 'target')];
}

/** Refuses a number of slices that a phase cannot have. @throws InvalidConfiguration */
export function checkSlices(slices: number): number {
  if (Number.isInteger(slices) && slices >= 1 && slices <= MOST_SLICES) return slices;
  throw new RolloutError(
    'InvalidConfiguration',
    `The number of slices must be a whole number from 1 to ${MOST_SLICES}, and is ${slices}. Preflight gives the right one.`,
    { slices },
  );
}
