import type { Alarm } from './control';
import type { CounterName } from './names';
import { type Position, rankOf } from './position';

/** What an observation comes to. `error`: too often in a row it could not be measured. */
export type Verdict = 'successful' | 'failed' | 'inconclusive' | 'error';

/** Mildest first; the worst verdict wins. */
const SEVERITY: readonly Verdict[] = ['successful', 'inconclusive', 'error', 'failed'];

/** Observations in a row that may be inconclusive before the verdict is `error`. */
export const MEASURING_BUDGET = 4;

/** What was measured in one observation. */
export interface Measurements {
  /** Names of the trigger alarms that were asked for. */
  readonly triggers: readonly string[];
  /** Those that exist. */
  readonly alarms: readonly Alarm[];
  /** Groups of the sampled comparison, and those that differ though nothing is under way. */
  readonly checked: number;
  readonly diverged: number;
  /** Batches that replication has given up. */
  readonly givenUp: number;
  /** By how much the counters have grown since the stage began. */
  readonly grown: Readonly<Record<CounterName, number>>;
  /** Age of the oldest heartbeat that has not arrived, in seconds; undefined where none may be sent now. */
  readonly lag?: number;
  /** The position furthest along of the user's keys. */
  readonly furthest: Position;
  /** What could not be measured, and why. */
  readonly unknown: readonly string[];
}

export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence each; empty when successful. */
  readonly reasons: readonly string[];
}

/** The verdict on one observation. Failing and not being able to measure are different things. */
export function judge(m: Measurements): Judgement {
  const failures = failuresOf(m);
  if (failures.length > 0) return { verdict: 'failed', reasons: failures };
  const doubts = doubtsOf(m);
  return doubts.length > 0 ? { verdict: 'inconclusive', reasons: doubts } : { verdict: 'successful', reasons: [] };
}

/** The judgement after the budget for not being able to measure; `missed` counts observations in a row. */
export function spend(missed: number, judgement: Judgement): { missed: number; judgement: Judgement } {
  if (judgement.verdict !== 'inconclusive') return { missed: 0, judgement };
  if (missed < MEASURING_BUDGET) return { missed: missed + 1, judgement };
  const reasons = [`${missed + 1} observations in a row could not be measured.`, ...judgement.reasons];
  return { missed: missed + 1, judgement: { verdict: 'error', reasons } };
}

/** How a bake stands. */
export interface Seen {
  /** Observations that were successful. */
  readonly successful: number;
  /** All observations, inconclusive ones too. */
  readonly all: number;
}

/** The judgement after the budget for time: a bake that is inconclusive every other time would otherwise go on for ever. */
export function spendTime({ successful, all }: Seen, ticks: number, judgement: Judgement): Judgement {
  if (judgement.verdict !== 'inconclusive' || all < mostObservations(ticks)) return judgement;
  const reason = `Only ${successful} of ${all} observations could be measured, and ${ticks} were asked for.`;
  return { verdict: 'error', reasons: [reason, ...judgement.reasons] };
}

/** Observations of one bake after which it is given up, where `ticks` must be successful. */
export function mostObservations(ticks: number): number {
  return 2 * ticks + MEASURING_BUDGET;
}

/** The worse of two judgements, with its own reasons; both where they are equally bad. */
export function worse(a: Judgement, b: Judgement): Judgement {
  if (a.verdict === b.verdict) return { verdict: a.verdict, reasons: [...a.reasons, ...b.reasons] };
  return worst(a.verdict, b.verdict) === a.verdict ? a : b;
}

/** The worst of two verdicts. */
export function worst(a: Verdict, b: Verdict): Verdict {
  return SEVERITY.indexOf(a) >= SEVERITY.indexOf(b) ? a : b;
}

function failuresOf({ alarms, diverged, checked, givenUp, grown, furthest }: Measurements): string[] {
  const raised = alarms
    .filter(({ state }) => state === 'ALARM')
    .map((a) => `Alarm ${a.name} is in ALARM: ${a.reason ?? 'no reason given'}.`);
  const told = (count: number, text: string) => (count > 0 ? [text] : []);
  return [
    ...raised,
    ...told(diverged, `${diverged} of ${checked} sampled groups differ between the two tables.`),
    ...told(givenUp, `Replication has given up ${givenUp} batches: invoke the redrive function.`),
    ...told(grown.divergence, `The divergence counter has grown by ${grown.divergence} since the stage began.`),
    ...told(grown.poison, `${grown.poison} changes went to the poison queue since the stage began.`),
    ...(rankOf(furthest) >= rankOf('dual-legacy')
      ? told(
          grown.unadopted,
          `${grown.unadopted} writes to the legacy table did not use the client, while the new model is written, too.`,
        )
      : []),
  ];
}

function doubtsOf({ triggers, alarms, unknown }: Measurements): string[] {
  const missing = triggers.filter((name) => !alarms.some((alarm) => alarm.name === name));
  return [
    ...missing.map((name) => `Alarm ${name} does not exist.`),
    ...alarms
      .filter(({ actionsEnabled }) => !actionsEnabled)
      .map(({ name }) => `The actions of alarm ${name} are disabled, so neither AppConfig nor the brake hears of it.`),
    ...alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA').map(({ name }) => `Alarm ${name} has no data.`),
    ...unknown,
  ];
}
