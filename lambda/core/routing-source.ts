import { RolloutError } from './errors';
import { decodeFlag, type RoutingTable } from './routing-table';

/** Asks AppConfig once. Undefined when nothing has changed since the last answer. */
export type PollRouting = () => Promise<string | undefined>;

/**
 * The routing table of one process, under a lease: whoever cannot refresh it in time stops with `LeaseExpired`
 * and does not guess. `now` is a monotonic clock in milliseconds.
 */
export class RoutingSource {
  private table: RoutingTable | undefined;
  /** When the newest answer was asked for: the answer may be as old as the question. */
  private askedAt = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;
  private failure: unknown;

  constructor(
    private readonly poll: PollRouting,
    private readonly now: () => number,
  ) {}

  /** The table to act on, refreshed when it is time. @throws LeaseExpired */
  async current(): Promise<RoutingTable> {
    const { table } = this;
    if (!table || this.age() >= table.lease * 1000) await this.refresh();
    else if (this.age() >= table.poll * 1000) void this.refresh();
    return this.leased();
  }

  /** The table that is held, without asking. @throws LeaseExpired */
  leased(): RoutingTable {
    if (this.table && this.age() < this.table.lease * 1000) return this.table;
    throw new RolloutError(
      'LeaseExpired',
      'The routing table could not be refreshed from AppConfig in time, so reads and writes stop rather than guess. ' +
        'Check the connection to AppConfig and the permissions appconfig:StartConfigurationSession and appconfig:GetLatestConfiguration.',
      { ageMilliseconds: this.age() },
      this.failure,
    );
  }

  /** Asks now; calls at the same time share one question. A failure is kept for the error and tried again later. */
  refresh(): Promise<void> {
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(): Promise<void> {
    const askedAt = this.now();
    try {
      const text = await this.poll();
      if (text !== undefined) this.table = decodeFlag(text);
      if (this.table) this.askedAt = askedAt;
      this.failure = undefined;
    } catch (error) {
      this.failure = error;
    }
  }

  private age(): number {
    return this.now() - this.askedAt;
  }
}
