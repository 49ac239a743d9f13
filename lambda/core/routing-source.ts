import { RolloutError } from './errors';
import { decodeFlag, type RoutingTable } from './routing-table';

/** Asks AppConfig once. Undefined when nothing has changed since the last answer that this caller has received. */
export type PollRouting = () => Promise<string | undefined>;

/** What a process knows of the routing table, for health checks and logs. */
export interface RoutingStatus {
  /** The table that is held, under lease or not; undefined before the first answer. */
  readonly table?: RoutingTable;
  /** True while the table may be used. */
  readonly leased: boolean;
  /** Milliseconds since the newest answer was asked for; infinite before the first answer. */
  readonly age: number;
  /** Why the last question failed, if it did. */
  readonly failure?: unknown;
}

/** One moment by both clocks. */
interface Moment {
  readonly now: number;
  readonly wall: number;
}

/** Milliseconds between two questions after a failure: doubled from the first to the last. */
const FIRST_RETRY = 1_000;
const LAST_RETRY = 15_000;

const NEVER: Moment = { now: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY };

/**
 * The routing table of one process, under a lease: whoever cannot refresh it in time stops with `LeaseExpired`
 * and does not guess. It asks only when it is used, so it keeps no process alive.
 *
 * `now` is a monotonic clock in milliseconds, `wall` the time of day. An age is the greater one by the two: a monotonic
 * clock may stand still while a machine sleeps or a Lambda environment is frozen, and the time of day may be set back.
 */
export class RoutingSource {
  private table: RoutingTable | undefined;
  /** When the newest answer was asked for: the answer may be as old as the question. */
  private askedAt = NEVER;
  private asking: Promise<void> | undefined;
  private failure: unknown;
  private failures = 0;
  private failedAt = NEVER;
  /** True while AppConfig has a newer table than this process: it came and could not be read. */
  private behind = false;

  constructor(
    private readonly poll: PollRouting,
    private readonly now: () => number,
    private readonly wall: () => number = now,
  ) {}

  /** The table to act on, refreshed when it is time. @throws LeaseExpired */
  async current(): Promise<RoutingTable> {
    if (!this.held()) {
      await this.refresh();
      // That question may have been asked by an earlier use, before the process was frozen: its answer is as old.
      if (!this.held()) await this.refresh();
    } else if (this.since(this.askedAt) >= (this.table as RoutingTable).poll * 1000) {
      void this.refresh();
    }
    return this.leased();
  }

  /** The table that is held, without asking. @throws LeaseExpired */
  leased(): RoutingTable {
    const table = this.held();
    if (table) return table;
    throw this.expired();
  }

  /** The table that is held, without asking; undefined without a lease. */
  held(): RoutingTable | undefined {
    return this.table && this.since(this.askedAt) < this.table.lease * 1000 ? this.table : undefined;
  }

  /**
   * Asks now; calls at the same time share one question. A failure is kept for the error. After failures it asks again
   * only when the pause is over, 1 to 15 seconds, and until then does nothing: a process without AppConfig must not
   * make it worse.
   */
  refresh(): Promise<void> {
    if (this.asking) return this.asking;
    if (this.failures > 0 && this.since(this.failedAt) < this.retryPause()) return Promise.resolve();
    this.asking = this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** What is known at this moment, without asking. */
  status(): RoutingStatus {
    const { table, failure } = this;
    return { table, leased: this.held() !== undefined, age: this.since(this.askedAt), failure };
  }

  private async ask(): Promise<void> {
    const askedAt = this.moment();
    try {
      this.accept(await this.poll());
      this.askedAt = askedAt;
      this.failure = undefined;
      this.failures = 0;
    } catch (error) {
      this.failure = error;
      this.failures++;
      this.failedAt = askedAt;
    }
  }

  /** "Nothing has changed" renews the lease only of a table that is the newest one delivered. */
  private accept(text: string | undefined): void {
    if (text === undefined && this.table && !this.behind) return;
    if (text === undefined && this.behind) throw this.failure;
    if (!text)
      throw new RolloutError('InvalidConfiguration', 'AppConfig has delivered no routing table: nothing is deployed yet.');
    this.behind = true;
    this.table = decodeFlag(text);
    this.behind = false;
  }

  private retryPause(): number {
    return Math.min(FIRST_RETRY * 2 ** (this.failures - 1), LAST_RETRY);
  }

  private moment(): Moment {
    return { now: this.now(), wall: this.wall() };
  }

  private since(then: Moment): number {
    return Math.max(this.now() - then.now, this.wall() - then.wall);
  }

  private expired(): RolloutError {
    const age = this.since(this.askedAt);
    const what = this.table
      ? `The routing table is ${Math.round(age / 1000)} seconds old and may be used for ${this.table.lease}`
      : 'No routing table has come from AppConfig';
    return new RolloutError(
      'LeaseExpired',
      `${what}, so reads and writes stop rather than guess. Check the connection to AppConfig, that the rollout's ` +
        'environment has a deployment, and the permissions appconfig:StartConfigurationSession and appconfig:GetLatestConfiguration.',
      { ageMilliseconds: age, revision: this.table?.revision },
      this.failure,
    );
  }
}
