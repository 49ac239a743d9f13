import type { GateRecord } from '../../lambda/core/gate';
import type { Event, Lease } from '../../lambda/core/ledger';
import type { Observations } from '../../lambda/observe/observe';

/** Values of a metric: milliseconds since 1970 at which their window begins, and the value. Ascending. */
export type Points = readonly (readonly [at: number, value: number])[];

/** What CloudWatch measured during a run; empty where nothing was measured. */
export interface Measurements {
  /** Seconds of one window. */
  readonly period: number;
  /** Groups, sum of a window. */
  readonly divergence: Points;
  /** Seconds, the longest of a window. */
  readonly lag: Points;
  /** Milliseconds, 99th percentile of a window. */
  readonly latencyLegacy: Points;
  readonly latencyTarget: Points;
  /** Deliveries of a stream that had to be repeated, sum of a window. */
  readonly retries: Points;
}

/** What the evaluations of a gate came to by now, as its note in the ledger says. */
export interface NotedGate {
  /** Index of the stage. */
  readonly stage: number;
  readonly record: GateRecord;
}

/** What was observed in a stage by now. */
export interface NotedObservations extends Observations {
  /** Index of the stage. */
  readonly stage: number;
}

/** What the slices of a phase did. */
export interface Work {
  readonly phase: string;
  readonly slices: number;
  readonly done: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Everything that the report of a run is made of. */
export interface ReportData {
  readonly migration: string;
  /** Undefined where no run was ever begun. */
  readonly run?: string;
  /** Milliseconds since 1970 at which this was gathered. */
  readonly madeAt: number;
  /** The whole ledger of the migration, other runs too. */
  readonly events: readonly Event[];
  /** Whoever has it now. */
  readonly lease?: Lease;
  readonly gates: readonly NotedGate[];
  readonly observations: readonly NotedObservations[];
  readonly work: readonly Work[];
  readonly measurements: Measurements;
}
