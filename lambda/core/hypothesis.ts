import type { GateRecord } from './gate';

/** What a run is expected not to do. */
export interface Hypothesis {
  readonly id: string;
  readonly statement: string;
  readonly owner: string;
  /** The alarm that goes off when it breaks. */
  readonly alarm: string;
}

/** What a run was expected not to do, and how many stages it has. */
export interface Expectations {
  readonly hypotheses: readonly Hypothesis[];
  readonly stages: number;
}

/** What became of it in a run. */
export interface HypothesisOutcome {
  readonly id: string;
  readonly statement: string;
  readonly owner: string;
  /** `unknown` where no stage could measure it. */
  readonly outcome: 'held' | 'broken' | 'unknown';
  /** How often it was evaluated, and how often it was beyond its bound. */
  readonly evaluations: number;
  readonly failed: number;
}

/** By what the gates of the stages recorded, and by what paused the run or took it back. */
export function outcomeOf(hypothesis: Hypothesis, records: readonly GateRecord[], reason: string): HypothesisOutcome {
  const { id, statement, owner, alarm } = hypothesis;
  const evaluations = records.reduce((sum, record) => sum + record.evaluations, 0);
  const failed = records.reduce((sum, record) => sum + record.failed, 0);
  const isBroken = failed > 0 || reason.includes(alarm);
  const isMeasured = records.some(({ verdict }) => verdict === 'successful');
  return { id, statement, owner, outcome: isBroken ? 'broken' : isMeasured ? 'held' : 'unknown', evaluations, failed };
}
