import { type Facts, standing } from '../../bin/operator/standing';
import type { Deployed } from '../../lambda/core/control';
import type { Event, Lease } from '../../lambda/core/ledger';
import type { OperatorConfiguration } from '../../lambda/core/operator-configuration';
import type { Position } from '../../lambda/core/position';
import { BUCKETS, initialTable } from '../../lambda/core/routing-table';

const CONFIGURATION = {
  migration: 'Shop-Orders',
  kind: 'rehydrate',
  stages: [
    { name: 'shadow', gates: [] },
    { name: 'full', gates: ['slow'] },
  ],
} as unknown as OperatorConfiguration;
const LEASE: Lease = { run: 'r', holder: 'arn', kind: 'rollout', generation: 1, since: '2026-01-01T00:00:00.000Z' };
const VACANT = { generation: 1, closed: false };
const QUESTION = { run: 'r', stage: 'full', approvers: ['a', 'b'], atLeast: 2, token: 't', attempt: 0 };

function deployed(...positions: Position[]): Deployed {
  const ranges = positions.map((position, n) => ({ below: ((n + 1) * BUCKETS) / positions.length, position }));
  return { table: { ...initialTable('r', 60, 15), ranges }, deployment: 1, recent: [], newest: 1 };
}

function event(kind: string, data: Record<string, unknown> = {}, seq = 1): Event {
  return { run: 'r', at: '2026-01-01T00:00:00.000Z', kind, data, seq, previous: '', hash: '' };
}

function standingOf(facts: Partial<Facts>) {
  const none = { divergence: 0, unadopted: 0, poison: 0 };
  return standing({
    ...{
      configuration: CONFIGURATION,
      deployed: deployed('legacy'),
      events: [],
      grown: none,
      gates: [],
      decisions: [],
      alarms: [],
    },
    ...facts,
  });
}

test.each<[string, Partial<Facts>]>([
  ['idle', { vacancy: VACANT }],
  ['rolling-out', { lease: LEASE, workflowState: 'full: bake', events: [event('begun')] }],
  ['paused', { lease: LEASE, workflowState: 'full: shift', events: [event('paused', { generation: 1, reason: 'wait' })] }],
  [
    'rolling-out',
    { lease: LEASE, workflowState: 'x', events: [event('paused', { generation: 0, reason: 'of another generation' })] },
  ],
  ['waiting-for-approval', { lease: LEASE, workflowState: 'full: approval', question: QUESTION }],
  ['rolling-out', { lease: LEASE, workflowState: 'full: shift', question: QUESTION }],
  ['rolling-back', { lease: { ...LEASE, kind: 'rollback', mode: 'soft' }, workflowState: 'Shift' }],
  ['died', { lease: LEASE }],
  ['complete', { vacancy: VACANT, deployed: deployed('target'), events: [event('completed')] }],
  ['died', { vacancy: VACANT, deployed: deployed('legacy', 'shadow'), events: [event('begun')] }],
  ['rolled-back', { vacancy: VACANT, events: [event('completed'), event('rolled-back', {}, 2)] }],
  ['closed', { vacancy: { generation: 2, closed: true }, deployed: deployed('target') }],
])('%s', (state, facts) => {
  const now = standingOf(facts);
  expect(now.state).toBe(state);
  expect(now.next).not.toBe('');
});

test('says which stage the workflow is in, and what is still missing to an approval', () => {
  const decisions = [{ run: 'r', stage: 'full', approver: 'a', decision: 'approve' as const, reason: 'good' }];
  const now = standingOf({ lease: LEASE, workflowState: 'full: approval', question: QUESTION, decisions });
  expect(now.stage).toBe('full');
  expect(now.approval).toEqual({ stage: 'full', approvers: ['a', 'b'], approved: ['a'], missing: 1 });
});

test('shares are those of all keys', () => {
  expect(standingOf({ deployed: deployed('legacy', 'shadow', 'shadow', 'target') }).positions).toEqual({
    legacy: 0.25,
    shadow: 0.5,
    target: 0.25,
  });
});
