import type { ShadowCounts } from './shadow-counts';

/** Comparisons at a time. While both sides differ in much, the ones beyond are left out: the picture is clear. */
const MAX_RUNNING = 100;

/** Comparisons beside the answers: no answer waits for one, or fails with it. */
export class Beside {
  closed = false;
  private readonly running = new Set<Promise<void>>();

  constructor(readonly counts: ShadowCounts) {}

  /** Starts one, unless there are many. `failed` hears why it could not be made. */
  start(compare: () => Promise<void>, failed: (error: unknown) => void): void {
    if (this.closed || this.running.size >= MAX_RUNNING) return;
    const work = compare()
      .catch((error) => {
        this.counts.fail();
        failed(error);
      })
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }

  /** Resolves when those that run now are over. Whoever waits for that keeps the process alive. */
  async idle(): Promise<void> {
    const alive = setInterval(() => {}, 1000);
    await Promise.all(this.running).finally(() => clearInterval(alive));
    this.counts.flush();
  }

  /** Starts no more, and is silent about those that run. */
  close(): void {
    this.closed = true;
    this.counts.flush();
  }
}
