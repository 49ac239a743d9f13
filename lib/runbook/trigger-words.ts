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
  metric: () => 'a metric of yours is beyond its bound',
  errorRate: (most) => `more than ${most} percent of the requests fail`,
  anomaly: () => 'a metric is above what CloudWatch expects of it',
  burnRate: () =>
    'the error budget burns 14.4 times as fast as it may over an hour and five minutes, or 6 times over six hours and half an hour',
  alarm: () => 'an alarm of yours goes off',
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

export function triggerWords(trigger: ManifestTrigger): TriggerInWords {
  const { kind, id, rollback, threshold, comparison, description } = trigger;
  const bound = BOUNDS[comparison ?? ''];
  const own = (kind === 'metric' || kind === 'alarm') && bound ? `, ${bound} ${threshold ?? ''}`.trimEnd() : '';
  const goesOff = `${LOOKS_AT[kind](`${threshold}`)}${own}${windowsOf(trigger)}`;
  return { id, goesOff, does: DOES[rollback] ?? rollback, description };
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
