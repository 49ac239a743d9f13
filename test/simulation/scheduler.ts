/** Something that happens at a moment. */
interface Happening {
  readonly at: number;
  /** Of two at one moment, the one that was planned first happens first. */
  readonly order: number;
  readonly happen: () => void;
}

/** Milliseconds since 1970 at which every run begins. */
export const BEGINNING = 1_700_000_000_000;

/**
 * The only clock and the only queue of a run. One thing happens at a time, and the next one is chosen only when all code
 * that the last one woke has come to rest: a tick that a microtask asks for comes after the last microtask. Nothing
 * here or in what is run waits for a timer or for input, so a run is a function of its seed.
 */
export class Scheduler {
  now = BEGINNING;
  steps = 0;
  private readonly heap: Happening[] = [];
  private planned = 0;

  /** Plans something `delay` milliseconds from now. */
  after(delay: number, happen: () => void): void {
    this.push({ at: this.now + Math.max(0, delay), order: this.planned++, happen });
  }

  /** Lets things happen until there is nothing left, it is `over`, or the time or the number of steps is used up. */
  run(over: () => boolean, until: number, mostSteps: number): Promise<'over' | 'idle' | 'late'> {
    return new Promise((resolve, reject) => {
      const step = () => {
        if (over()) return resolve('over');
        const next = this.pop();
        if (!next) return resolve('idle');
        if (next.at > until || this.steps >= mostSteps) return resolve('late');
        this.now = next.at;
        this.steps++;
        try {
          next.happen();
        } catch (error) {
          return reject(error);
        }
        queueMicrotask(() => process.nextTick(step));
      };
      process.nextTick(step);
    });
  }

  private push(entry: Happening): void {
    const { heap } = this;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Happening)) break;
      heap[at] = heap[parent] as Happening;
      at = parent;
    }
    heap[at] = entry;
  }

  private pop(): Happening | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Happening, heap[child] as Happening)) child++;
      if (!isBefore(heap[child] as Happening, last)) break;
      heap[at] = heap[child] as Happening;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Happening, b: Happening): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
