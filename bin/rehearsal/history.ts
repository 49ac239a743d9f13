/** The content of an item as one text, or undefined where there is none. */
export type State = string | undefined;

/** `refused`: surely not done. `unknown`: nobody can say, for example after a time-out. */
export type Outcome = 'pending' | 'acknowledged' | 'refused' | 'unknown';

/** A write of one client to one key. */
export interface Operation {
  /** Which client made it, or `load`. */
  readonly by: string;
  /** The states that it may leave: one when acknowledged, several while a read-modify-write runs again. */
  readonly states: ReadonlySet<State>;
  readonly outcome: Outcome;
}

/** What a state is, seen from what was written. `unwritten`: nobody ever wrote it, or the write was refused. */
export type Verdict = 'right' | 'lost' | 'resurrected' | 'stale' | 'unwritten';

/** A write that is under way. */
export interface Attempt {
  /** Called with what the write would leave, before it is sent. */
  intend(state: State): void;
  acknowledged(state: State): void;
  failed(outcome: 'refused' | 'unknown'): void;
}

type Entry = { by: string; states: Set<State>; outcome: Outcome };

const BEGINNING: Operation = { by: 'nobody', states: new Set([undefined]), outcome: 'acknowledged' };

/**
 * Every write of a rehearsal, key by key, in the order in which they began. Each key has one writer at a time, which
 * waits for one write before it begins the next; so the order is the truth.
 */
export class History {
  private readonly operations = new Map<string, Entry[]>();

  /** What is there before any client writes. */
  loaded(key: string, state: string): void {
    this.of(key).push({ by: 'load', states: new Set([state]), outcome: 'acknowledged' });
  }

  begin(key: string, by: string): Attempt {
    const entry: Entry = { by, states: new Set(), outcome: 'pending' };
    this.of(key).push(entry);
    return {
      intend: (state) => entry.states.add(state),
      acknowledged: (state) => {
        entry.states = new Set([state]);
        entry.outcome = 'acknowledged';
      },
      failed: (outcome) => {
        entry.outcome = outcome;
      },
    };
  }

  /** The place of the last acknowledged write. A read that begins now must see that write or a later one. */
  mark(key: string): number {
    return this.list(key).findLastIndex(({ outcome }) => outcome === 'acknowledged');
  }

  /** What a state is that was read after `mark`. */
  judge(key: string, mark: number, state: State): Verdict {
    return judge(this.list(key), mark, state);
  }

  /** The state that stands for certain, or `unknown` when a later write has no known end. */
  standing(key: string): { state: State } | 'unknown' {
    const list = this.list(key);
    const mark = this.mark(key);
    if (list.slice(mark + 1).some(({ outcome }) => outcome !== 'refused')) return 'unknown';
    return { state: [...(list[mark] as Operation).states][0] };
  }

  keys(): IterableIterator<string> {
    return this.operations.keys();
  }

  /** How many writes of clients have each outcome. */
  counts(): Record<Outcome, number> {
    const counts: Record<Outcome, number> = { pending: 0, acknowledged: 0, refused: 0, unknown: 0 };
    for (const list of this.operations.values()) {
      for (const { by, outcome } of list) if (by !== 'load') counts[outcome]++;
    }
    return counts;
  }

  private list(key: string): readonly Operation[] {
    return [BEGINNING, ...(this.operations.get(key) ?? [])];
  }

  private of(key: string): Entry[] {
    const list = this.operations.get(key) ?? [];
    this.operations.set(key, list);
    return list;
  }
}

/** What a state is, when the operation at `mark` was acknowledged before it was read. */
export function judge(operations: readonly Operation[], mark: number, state: State): Verdict {
  const may = (operation: Operation | undefined) => operation?.outcome !== 'refused' && operation?.states.has(state);
  if (operations.slice(mark).some(may)) return 'right';
  if (state === undefined) return 'lost';
  const before = operations.slice(0, mark);
  const there = before.some(({ states }) => [...states].some((past) => past !== undefined));
  if (operations[mark]?.states.has(undefined) && there) return 'resurrected';
  return before.some(may) ? 'stale' : 'unwritten';
}
