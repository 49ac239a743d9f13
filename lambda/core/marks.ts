import type { Ledger } from './ledger';
import type { CounterName } from './names';

/** The counters of a migration at one moment. */
export type Counts = Readonly<Record<CounterName, number>>;

/** The counters now. */
export async function countsOf(ledger: Ledger): Promise<Counts> {
  const [divergence, unadopted, poison] = await Promise.all(
    (['divergence', 'unadopted', 'poison'] as const).map(async (name) => (await ledger.counter(name)).count),
  );
  return { divergence: divergence as number, unadopted: unadopted as number, poison: poison as number };
}

/** The moment before the first stage, in place of its index. */
export const BEFORE_STAGES = -1;

/** Remembers the counters as they are when a run, or a stage of it, begins. The first call counts. */
export async function markCounts(ledger: Ledger, run: string, at: 'begin' | number): Promise<void> {
  const note = await ledger.note('marks');
  const marks = note?.run === run ? (note.marks as Record<string, Counts>) : {};
  if (marks[at]) return;
  await ledger.saveNote('marks', { run, marks: { ...marks, [at]: await countsOf(ledger) } });
}

/** True when some moment of a run was remembered: its counters are being used. */
export async function isMarked(ledger: Ledger, run: string): Promise<boolean> {
  return (await ledger.note('marks'))?.run === run;
}

/** The counters as they were when a stage began, or the nearest moment before that was marked. */
export async function countsAt(ledger: Ledger, run: string, stage: number): Promise<Counts> {
  const note = await ledger.note('marks');
  const marks = note?.run === run ? (note.marks as Record<string, Counts>) : {};
  for (let at = stage; at >= BEFORE_STAGES; at--) {
    const counts = marks[at];
    if (counts) return counts;
  }
  return marks.begin ?? { divergence: 0, unadopted: 0, poison: 0 };
}

/** How much each counter has grown. */
export function grownSince(before: Counts, now: Counts): Counts {
  return {
    divergence: now.divergence - before.divergence,
    unadopted: now.unadopted - before.unadopted,
    poison: now.poison - before.poison,
  };
}
