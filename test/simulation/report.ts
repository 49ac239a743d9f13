import type { Fault } from './faults';
import type { Report } from './run';
import type { Line } from './trace';

/** What many runs came to. */
export class Tally {
  runs = 0;
  steps = 0;
  readonly failed: Report[] = [];
  private readonly endings = new Map<string, number>();
  private readonly faults = new Map<Fault, number>();
  private readonly refusals = new Map<string, number>();

  add(report: Report): void {
    this.runs++;
    this.steps += report.steps;
    count(this.endings, report.ended, 1);
    for (const [fault, times] of report.injected) count(this.faults, fault, times);
    for (const [name, times] of report.refusals) count(this.refusals, name, times);
    if (report.violations.length > 0) this.failed.push(report);
  }

  text(milliseconds: number): string {
    const list = (counts: ReadonlyMap<string, number>) =>
      [...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([name, times]) => `${name} ${times}`)
        .join(', ');
    return [
      `${this.runs} schedules in ${(milliseconds / 1000).toFixed(1)} s: ${Math.round((this.runs * 1000) / milliseconds)} a second, ${Math.round(this.steps / this.runs)} steps each`,
      `ended:    ${list(this.endings)}`,
      `injected: ${list(this.faults)}`,
      `refused:  ${list(this.refusals)}`,
    ].join('\n');
  }
}

function count<K>(counts: Map<K, number>, name: K, times: number): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}

/** The lines of a run as a table: seconds, who, what. Polls and looks at the ledger are left out unless all are wanted. */
export function tableOf(lines: readonly Line[], all: boolean): string {
  const told = all ? lines : lines.filter(({ what }) => !/^(poll|ledger |state |read tail|get \d)/.test(what));
  return told
    .map(({ at, who, what, detail }) => `${(at / 1000).toFixed(3).padStart(9)}  ${who.padEnd(26)}  ${what} ${detail}`.trimEnd())
    .join('\n');
}
