import { command } from '../command';
import type { Remedy } from '../failure-mode';

/** Steps that many remedies share. */
export const LOOK: Remedy = { say: 'See where the change stands and what the last events say.', command: command('status', {}) };
export const START: Remedy = { say: 'Start again.', command: command('start', { reason: '<what was mended>' }) };
export const REDRIVE: Remedy = { say: 'Settle what waits in both queues again.', command: command('redrive', {}) };
export const RECONCILE: Remedy = { say: 'Compare both sides in full.', command: command('reconcile', {}) };
export const RESUME: Remedy = {
  say: 'When what it tells of is harmless or mended, let the rollout go on.',
  command: command('resume', { reason: '<why it is safe>' }),
};
export const SOFT: Remedy = {
  say: 'Otherwise take traffic back; no reader or writer notices.',
  command: command('rollback', { mode: 'soft', reason: '<why>' }),
};
export const TRACE: Remedy = {
  say: 'Look at one of the keys that it names, on both sides.',
  command: command('trace', { key: '<key>' }),
};
export const REPORT: Remedy = { say: 'Read what happened, in order.', command: command('report', {}) };
export const WATCH: Remedy = { say: 'Watch until every key is back in `legacy`.', command: command('status', { watch: true }) };
