import type { Event, Lease } from './ledger';

/** How hard the workers of a run work. */
export interface Speed {
  /** Write units a second that all workers together may use; 0 for no limit. */
  readonly maxWriteUnits: number;
  /** Workers at a time. */
  readonly maxConcurrency: number;
}

/** The note of the ledger that tells workers of a speed that an operator set. */
export const SPEED_NOTE = 'settings';

/** A speed that was set, and for whom: a rollback, or the next run, begins with what was deployed. */
export interface SpeedNote extends Speed {
  readonly run: string;
  readonly generation: number;
}

/** Bounds at synth and while a run works. */
export const SPEED_BOUNDS = {
  maxWriteUnits: { least: 1, most: 1_000_000 },
  maxConcurrency: { least: 1, most: 1000 },
} as const;

/** Workers at a time, unless the user says otherwise or gives them fewer write units. */
export const USUAL_CONCURRENCY = 40;

/** What is wrong with a speed: one phrase each, with the name of the value. */
export function problemsOfSpeed({ maxWriteUnits, maxConcurrency }: Speed): string[] {
  const { maxWriteUnits: units, maxConcurrency: workers } = SPEED_BOUNDS;
  const isSound = (value: number, { least, most }: { least: number; most: number }) =>
    Number.isInteger(value) && value >= least && value <= most;
  const problems = [
    ...(maxWriteUnits === 0 || isSound(maxWriteUnits, units)
      ? []
      : [
          `maxWriteUnits must be a whole number from ${units.least} to ${units.most}, or 0 for no limit, and is ${maxWriteUnits}`,
        ]),
    ...(isSound(maxConcurrency, workers)
      ? []
      : [`maxConcurrency must be a whole number from ${workers.least} to ${workers.most}, and is ${maxConcurrency}`]),
  ];
  if (problems.length > 0 || maxWriteUnits === 0 || maxWriteUnits >= maxConcurrency) return problems;
  return [
    `maxWriteUnits is ${maxWriteUnits} for ${maxConcurrency} workers: each needs one unit a second at least, or its invocations end ` +
      'before they have written anything. Give more units, or fewer workers',
  ];
}

/**
 * The speed of a run by what its operators set, newest last, and the place of the newest of these events in the chain: 0 where nobody
 * has set anything.
 */
export function speedSet(
  events: readonly Event[],
  { run, generation }: Pick<Lease, 'run' | 'generation'>,
  deployed: Speed,
): { readonly speed: Speed; readonly seq: number } {
  const last = events.filter(
    ({ kind, run: of, data }) => kind === 'settings-changed' && of === run && data.generation === generation,
  );
  const newest = last.at(-1);
  if (!newest) return { speed: deployed, seq: 0 };
  const { maxWriteUnits, maxConcurrency } = newest.data as unknown as Speed;
  return { speed: { maxWriteUnits, maxConcurrency }, seq: newest.seq };
}

/** The speed that a note tells to a worker, or what was deployed where it is not about its run. */
export function speedOf(note: Partial<SpeedNote> | undefined, run: string, generation: number, deployed: Speed): Speed {
  if (note?.run !== run || note.generation !== generation) return deployed;
  const { maxWriteUnits = deployed.maxWriteUnits, maxConcurrency = deployed.maxConcurrency } = note;
  return { maxWriteUnits, maxConcurrency };
}

/**
 * Write units a second of one worker; 0 for no limit. There are never more workers than slices, nor than the map was begun with or has
 * now, whichever is more: Step Functions lets those that run go on when the concurrency is lowered.
 */
export function shareOf({ maxWriteUnits, maxConcurrency }: Speed, slices: number, begunWith = maxConcurrency): number {
  return maxWriteUnits / Math.max(1, Math.min(slices, Math.max(maxConcurrency, begunWith)));
}
