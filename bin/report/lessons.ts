import type { HypothesisOutcome } from '../../lambda/core/hypothesis';
import type { ReportData } from './data';
import { decisionsOf } from './facts/decisions';
import { gatesOf } from './facts/gates';
import { rollbacksOf } from './facts/rollbacks';
import { type Run, runsOf } from './facts/run';
import { stagesOf } from './facts/stages';
import { count, duration, number } from './format';

/** What a run teaches: what was seen, and what to do about it before the next one. */
export interface Lesson {
  readonly seen: string;
  readonly advice: string;
}

/** A rule finds nothing, or as many lessons as there are facts for it. */
export type Rule = (run: Run, data: ReportData) => Lesson[];

/** Milliseconds that a decision may take without a remark. */
const PATIENCE = 4 * 3_600_000;
/** Evaluations without a verdict, and their share of all, from which on a gate says too little. */
const MOST_DOUBTS = 3;
const MOST_DOUBT = 0.2;

/** An approval, or a resume, for which the run stood still for long. */
export const waitedLong: Rule = (run) =>
  decisionsOf(run)
    .filter(({ waited = 0 }) => waited > PATIENCE)
    .map(({ what, waited = 0 }) => ({
      seen: `“${what}” came after ${duration(waited)} of waiting.`,
      advice: 'Agree on who decides and by when before the run begins, or give the stage a window in which they are at work.',
    }));

/** An approval that was asked for and never decided. */
export const neverDecided: Rule = ({ events, outcome }) =>
  events
    .filter(({ kind }) => kind === 'approval-asked' && outcome !== 'under-way')
    .filter(({ data }) => !events.some((event) => event.kind === 'approval-decided' && event.data.stage === data.stage))
    .map(({ data }) => ({
      seen: `Nobody decided on stage ${data.stage}.`,
      advice: `Tell ${(data.approvers as string[]).join(', ')} when it will be asked, or name more approvers.`,
    }));

/** A gate that often had no verdict. */
export const undecidedGates: Rule = (run, data) =>
  gatesOf(run, data)
    .filter(({ doubts = 0, evaluations = 0 }) => doubts >= MOST_DOUBTS || (doubts > 0 && doubts / evaluations > MOST_DOUBT))
    .map(({ id, stage, doubts = 0, evaluations = 0, reason }) => ({
      seen: `Gate ${id} of stage ${stage} had no verdict ${doubts} of ${count(evaluations, 'time')}${reason ? `: ${reason}` : '.'}`,
      advice: 'Give it what it measures sooner (more sampled reads, a longer bake, a metric with data), or ask it for less.',
    }));

/** Observations that could not be made. */
export const doubtfulObservations: Rule = (run, data) =>
  stagesOf(run, data).flatMap(({ name, observed }) =>
    observed && observed.inconclusive > 0
      ? [
          {
            seen: `${observed.inconclusive} of ${count(observed.observations, 'observation')} of stage ${name} were inconclusive.`,
            advice: 'Look at alarms without data and at probes that did not answer in time; each of them makes a bake longer.',
          },
        ]
      : [],
  );

/** An alarm that paused the run. */
export const pausedByAlarm: Rule = ({ events }) =>
  events
    .filter(({ kind, data }) => kind === 'paused' && data.alarm !== undefined)
    .map(({ data }) => ({
      seen: `Alarm ${data.alarm} paused the run: ${data.reason}`,
      advice:
        'Decide whether it told of a real problem. If so, mend it first; if not, set its threshold from the days before the run.',
    }));

/** Changes that went to the poison queue. */
export const poisoned: Rule = ({ events }) => {
  const poison = events.filter(({ kind }) => kind === 'poison');
  const errors = [...new Set(poison.map(({ data }) => String(data.error)))];
  return poison.length === 0
    ? []
    : [
        {
          seen: `${count(poison.length, 'change')} could not be carried over (${errors.join(', ')}).`,
          advice: 'Put an item of each kind into the tests of the transform, add the compatibility gate, and redrive the queue.',
        },
      ];
};

/** Deliveries of a stream that were repeated. */
export const retried: Rule = (_, { measurements }) => {
  const retries = measurements.retries.reduce((sum, [, value]) => sum + value, 0);
  return retries === 0
    ? []
    : [
        {
          seen: `Replication had to repeat ${count(retries, 'delivery', 'deliveries')}.`,
          advice:
            'Look at throttled writes of the follower at these times: raise its capacity, or lower the rate of the backfill.',
        },
      ];
};

/** Items that the transform failed on while a table was walked. */
export const stoppedSlices: Rule = ({ events }) => {
  const keys = [
    ...new Set(events.filter(({ kind }) => kind === 'slice-failed').map(({ data }) => String(data.key ?? 'unknown'))),
  ];
  return keys.length === 0
    ? []
    : [
        {
          seen: `The transform failed on ${keys.slice(0, 3).join('; ')}${keys.length > 3 ? ` and ${keys.length - 3} more` : ''}.`,
          advice: 'Add the compatibility gate with a larger sample, so that such items are found before the backfill.',
        },
      ];
};

/** What stood differently on both sides. */
export const diverged: Rule = ({ events }) => {
  const found = events.filter(({ kind }) => kind === 'divergence' || kind === 'divergence-sampled');
  return found.length === 0
    ? []
    : [
        {
          seen: `Both tables differed ${count(found.length, 'time')} where nothing was under way.`,
          advice: 'Find who wrote these keys: code without the client, or a transform that gives something else at another time.',
        },
      ];
};

/** Writers that did not use the client. */
export const unadopted: Rule = ({ events }) => {
  const counts = events.findLast(({ data }) => data.counts !== undefined)?.data.counts as { unadopted?: number } | undefined;
  return !counts?.unadopted
    ? []
    : [
        {
          seen: `${count(counts.unadopted, 'write')} reached the legacy table without the client.`,
          advice:
            'Find these writers (the audit log of the table names their roles) and move them to the client before the next run.',
        },
      ];
};

/** Writers of the target that did not use the client. */
export const foreign: Rule = ({ events }) => {
  const told = events
    .filter(({ kind }) => kind === 'foreign-write')
    .map(({ data }) => data as { keys?: string[]; more?: number });
  const keys = told.reduce((sum, { keys: some = [], more = 0 }) => sum + some.length + more, 0);
  return told.length === 0
    ? []
    : [
        {
          seen: `${count(keys, 'key')} of the target got writes without the client.`,
          advice:
            'Until the change is over, only the client and replication may write there: take the permission from everybody else.',
        },
      ];
};

/** By what is in the reason of a rollback; the first that fits. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/approv|reject/i, 'Talk with whoever said no before the next run: what they missed belongs into the plan.'],
  [
    /GateFailed|\bgate\b/i,
    'Reproduce what the gate measured outside of the rollout, mend it, and try the same stage with a smaller cohort.',
  ],
  [/diverge|differ/i, 'Reconcile, look at the keys in the ledger, and mend the transform or the writer before the next run.'],
  [
    /NotMeasured|could not be measured/i,
    'Nothing was shown to be wrong: make the measurement work first, then run the same plan again.',
  ],
  [
    /alarm/i,
    'Look at what the alarm measured before and after the rollback: if it did not get better, the rollout was not its cause.',
  ],
  [/throttl|ThroughputExceeded/i, 'Raise the capacity of the table, or lower the rate of the backfill.'],
];

/** Why traffic was taken back. */
export const takenBack: Rule = (run) =>
  rollbacksOf(run).map(({ reason }) => ({
    seen: `Traffic was taken back: ${reason || 'no reason is on record'}.`.replace(/\.\.$/, '.'),
    advice:
      CAUSES.find(([pattern]) => pattern.test(reason))?.[1] ??
      'Write down what made somebody take it back, and a gate or an alarm that would see it first.',
  }));

/** A way back after which not all was as before. */
export const notWell: Rule = (run) =>
  rollbacksOf(run)
    .filter(({ health }) => health?.isWell === false)
    .map(({ health }) => ({
      seen: `The rollback did not make it better: ${health?.complaints.join(' ')}`,
      advice: 'The cause lies elsewhere, or came to stay: look at it on its own before another run confuses the picture.',
    }));

/** A way back that left something to do. */
export const leftOver: Rule = (run) =>
  rollbacksOf(run)
    .flatMap(({ troubles }) => troubles)
    .map((trouble) => ({ seen: trouble, advice: 'Reconcile both tables before the next run begins.' }));

/** A stage that its window, or a calendar, kept waiting. */
export const shutWindow: Rule = ({ events, stages }) =>
  events
    .filter(({ kind }) => kind === 'window-awaited')
    .map(({ data }) => ({
      seen: `Stage ${stages[data.stage as number] ?? data.stage} had to wait for its window until ${String(data.opensAt).slice(0, 16).replace('T', ' ')} or later.`,
      advice: 'Start the run so that the stage before it ends within the window.',
    }));

/** A hypothesis that nothing could measure. */
export const unknownHypotheses: Rule = ({ events }) =>
  outcomesOf(events)
    .filter(({ outcome }) => outcome === 'unknown')
    .map(({ id, owner }) => ({
      seen: `Whether hypothesis ${id} held is not known: no stage could measure it.`,
      advice: `${owner} gives it a metric that has data in every stage, or drops it.`,
    }));

/** Runs of the same migration that were taken back before. */
export const againTakenBack: Rule = (run, data) => {
  const earlier = runsOf(data).filter(({ from, outcome, id }) => id !== run.id && from < run.from && outcome === 'rolled-back');
  return earlier.length === 0 || run.outcome !== 'rolled-back'
    ? []
    : [
        {
          seen: `${count(earlier.length, 'earlier run')} of this migration ended the same way (${earlier.map(({ id }) => id).join(', ')}).`,
          advice: 'Compare the reasons; rehearse the stage that fails on a copy of the data before traffic meets it again.',
        },
      ];
};

/** The longest time that a change took to reach the other side, where it was more than a minute. */
export const lagged: Rule = (_, { measurements }) => {
  const longest = Math.max(0, ...measurements.lag.map(([, value]) => value));
  return longest <= 60
    ? []
    : [
        {
          seen: `Replication was up to ${duration(longest * 1000)} behind (${number(longest)} s).`,
          advice: 'A rollback waits for replication to drain: raise the capacity of the follower, or slow the backfill down.',
        },
      ];
};

const RULES: readonly Rule[] = [
  ...[takenBack, againTakenBack, notWell, leftOver, diverged, poisoned, stoppedSlices, unadopted, foreign, pausedByAlarm],
  ...[undecidedGates, doubtfulObservations, unknownHypotheses, lagged, retried, waitedLong, neverDecided, shutWindow],
];

/** Everything that the facts of a run advise, what matters most first. */
export function lessonsOf(run: Run, data: ReportData): Lesson[] {
  return RULES.flatMap((rule) => rule(run, data));
}

/** What the newest conclusion says of the hypotheses. */
export function outcomesOf(events: Run['events']): readonly HypothesisOutcome[] {
  return (events.findLast(({ kind }) => kind === 'hypotheses')?.data.outcomes as HypothesisOutcome[] | undefined) ?? [];
}
