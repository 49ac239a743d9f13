import type { Position } from '../../lambda/core/position';
import type { Snapshot } from './migration';
import type { Terminal } from './terminal';
import type { Traffic } from './traffic';

/** Shows a rollout while it runs. */
export class Progress {
  private before: { at: number; backfilled: number; operations: number } | undefined;

  constructor(
    private readonly terminal: Terminal,
    private readonly traffic: Traffic,
  ) {}

  show({ phase, shares, backfilled, divergence, lag }: Snapshot): void {
    const operations = this.traffic.clients.reduce((sum, { reads, writes }) => sum + reads + writes, 0);
    const now = { at: performance.now(), backfilled, operations };
    const seconds = (now.at - (this.before?.at ?? now.at)) / 1000;
    const rate = (count: number) => (seconds > 0 ? Math.round(count / seconds) : 0);
    const parts = [
      positionsText(shares),
      ...(this.before && backfilled > this.before.backfilled
        ? [`backfill ${backfilled} (${rate(backfilled - this.before.backfilled)}/s)`]
        : []),
      `traffic ${this.before ? rate(operations - this.before.operations) : 0}/s`,
      `lag ${lag === undefined ? '-' : `${lag.toFixed(1)} s`}`,
      `divergence ${divergence}`,
      ...(this.traffic.wrongReads.length > 0 ? [`WRONG READS ${this.traffic.wrongReads.length}`] : []),
    ];
    this.terminal.live(phase, parts.join('  '));
    this.before = now;
  }
}

function positionsText(shares: ReadonlyMap<Position, number>): string {
  return [...shares].map(([position, share]) => `${position}${share === 1 ? '' : ` ${percent(share)}`}`).join(' | ');
}

function percent(share: number): string {
  return share === 0 ? 'pilots' : `${Math.round(share * 100)}%`;
}
