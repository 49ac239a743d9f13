import type { Kind } from '../../lambda/core/position';
import type { ManifestTrigger } from '../operations/manifest';
import type { TriggerKind } from '../safety/trigger-kinds';
import { duration } from './quantities';

/** What each trigger looks at, with its threshold in the unit that it has. */
const LOOKS_AT: Readonly<Record<TriggerKind, (threshold: string) => string>> = {
  divergence: (most) => `more than ${most} items or writes differ in a minute, though nothing is under way`,
  replicationLag: (most) => `changes take longer than ${most} seconds to the other table`,
  forwardLag: (most) => `records of the legacy stream wait longer than ${inSeconds(most)}`,
  reverseLag: (most) => `records of the target stream wait longer than ${inSeconds(most)}`,
  deadLetters: (most) => `more than ${most} changes wait that were not carried over`,
  throttling: (most) => `DynamoDB throttles more than ${most} requests a minute`,
  shadowMismatch: (most) => `more than ${most} percent of the compared reads differ`,
  metric: () => 'a metric of yours is',
  errorRate: (most) => `more than ${most} percent of the requests fail`,
  anomaly: () => 'a metric is above what CloudWatch expects of it',
  burnRate: () =>
    'the error budget burns 14.4 times as fast as it may over an hour and five minutes, or 6 times over six hours and half an hour',
  alarm: () => 'the metric of an alarm of yours is',
};

const DOES: Readonly<Record<string, string>> = {
  soft: 'takes traffic back softly',
  fenced: 'takes traffic back behind a fence: writes to keys that live on the target wait until it has drained',
  immediate: 'takes traffic straight back to legacy',
  pause: 'pauses the rollout; nothing goes back',
};

const BOUNDS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: 'above',
  GreaterThanOrEqualToThreshold: 'at or above',
  LessThanThreshold: 'below',
  LessThanOrEqualToThreshold: 'at or below',
  GreaterThanUpperThreshold: 'above the expected band',
};

/** A trigger, in words. */
export interface TriggerInWords {
  readonly id: string;
  /** When it goes off, with its numbers. */
  readonly goesOff: string;
  /** What it does then. */
  readonly does: string;
  /** Why it matters, as its alarm says. */
  readonly description?: string;
}

/** In place there is one way back, whatever mode is asked for. */
export function triggerWords(trigger: ManifestTrigger, change: Kind): TriggerInWords {
  const { id, rollback, description } = trigger;
  const does = change === 'rehydrate' || rollback === 'pause' ? DOES[rollback] : 'takes traffic back';
  return { id, goesOff: `${looksAt(trigger)}${windowsOf(trigger)}`, does: does ?? rollback, description };
}

function looksAt({ kind, threshold, comparison }: ManifestTrigger): string {
  const words = LOOKS_AT[kind](`${threshold}`);
  if (kind !== 'metric' && kind !== 'alarm') return words;
  const bound = BOUNDS[comparison ?? ''];
  if (bound === undefined) return 'an alarm of yours goes off';
  return threshold === undefined ? `${words} ${bound}` : `${words} ${bound} ${threshold}`;
}

function windowsOf({ windows, breaching, period }: ManifestTrigger): string {
  if (windows === undefined) return '';
  const which = windows === 1 ? 'in one window' : `in ${breaching} of ${windows} windows`;
  return `, ${which}${period === undefined ? '' : ` of ${duration(period)}`}`;
}

/** The age of records is in milliseconds. */
function inSeconds(milliseconds: string): string {
  return duration(Number(milliseconds) / 1000);
}
