import { type Event, firstBroken, type Lease } from '../../../lambda/core/ledger';
import type { ReportData } from '../data';

/** How a run stands. `rolling-back` and `under-way` are not over; `stopped` ended without saying how. */
export type Outcome = 'completed' | 'rolled-back' | 'rolling-back' | 'under-way' | 'stopped';

/** A run as its entries in the ledger tell it. */
export interface Run {
  readonly id: string;
  readonly events: readonly Event[];
  readonly begun?: Event;
  readonly outcome: Outcome;
  /** Milliseconds since 1970: from its first entry to its last, or to now while it is not over. */
  readonly from: number;
  readonly to: number;
  /** Names of the stages, in order. */
  readonly stages: readonly string[];
}

/** The runs of a migration, oldest first. */
export function runsOf({ events, lease, madeAt }: Pick<ReportData, 'events' | 'lease' | 'madeAt'>): Run[] {
  const ids = [...new Set(events.filter(({ kind }) => OPENING.includes(kind)).map(({ run }) => run))];
  return ids.map((id) => runOf(id, events, lease, madeAt));
}

/** The run of a report; undefined where nothing of it is in the ledger. */
export function reportedRun(data: ReportData): Run | undefined {
  const { run, events, lease, madeAt } = data;
  return run !== undefined && events.some((event) => event.run === run) ? runOf(run, events, lease, madeAt) : undefined;
}

/** The run that a report is of unless one is named: the one that came last. */
export function lastRun(events: readonly Event[]): string | undefined {
  return events.findLast(({ kind }) => kind === 'begun')?.run ?? events.at(-1)?.run;
}

/** Sequence number of the first entry that was tampered with; undefined when the chain is whole. */
export function brokenAt(events: readonly Event[]): number | undefined {
  return firstBroken(events)?.seq;
}

/** What a stage is called: entries name it by its index or by its name. */
export function stageName(run: Pick<Run, 'stages'>, stage: unknown): string {
  return typeof stage === 'number' ? (run.stages[stage] ?? `stage ${stage}`) : String(stage ?? 'unknown stage');
}

/** Milliseconds since 1970 of an entry. */
export function timeOf({ at }: Event): number {
  return Date.parse(at);
}

/** Kinds of entries that a run may begin with: a rollback after a run has completed is one of its own. */
const OPENING = ['begun', 'rollback-begun'];

/** Kinds after which a run goes on by itself no more. */
const CLOSING = ['completed', 'rolled-back'];

function runOf(id: string, all: readonly Event[], lease: Lease | undefined, madeAt: number): Run {
  const events = all.filter(({ run }) => run === id);
  const begun = events.find(({ kind }) => kind === 'begun');
  const outcome = outcomeOf(events, lease?.run === id ? lease : undefined);
  const isOver = outcome !== 'under-way' && outcome !== 'rolling-back';
  const last = events.findLast(({ kind }) => CLOSING.includes(kind)) ?? events.at(-1);
  return {
    ...{ id, events, begun, outcome },
    from: timeOf(begun ?? (events[0] as Event)),
    to: isOver ? timeOf(last as Event) : madeAt,
    stages: (begun?.data.stages as readonly string[] | undefined) ?? [],
  };
}

function outcomeOf(events: readonly Event[], lease: Lease | undefined): Outcome {
  if (lease) return lease.kind === 'rollback' ? 'rolling-back' : 'under-way';
  const last = events.findLast(({ kind }) => CLOSING.includes(kind));
  if (!last) return 'stopped';
  return last.kind === 'completed' ? 'completed' : 'rolled-back';
}
