import type { GateRecord } from '../../lambda/core/gate';
import type { HypothesisOutcome } from '../../lambda/core/hypothesis';
import { concludeHypotheses } from '../../lambda/finish/hypotheses';
import { MemoryLedger } from '../memory/memory-ledger';

const record = (more: Partial<GateRecord>): GateRecord => ({
  ...{
    run: 'run-1',
    id: 'fast',
    evaluations: 10,
    failed: 0,
    inconclusive: 0,
    errors: 0,
    verdict: 'successful',
    observeOnly: false,
  },
  ...more,
});
const FAST = { id: 'fast', statement: 'Pages are fast', owner: 'web', alarm: 'Fast-1234' };

async function concluded(notes: Record<number, GateRecord>, reason?: string, paused?: string) {
  const ledger = new MemoryLedger();
  for (const [stage, note] of Object.entries(notes)) await ledger.saveNote(`gate#${stage}#fast`, { ...note });
  if (reason) await ledger.append('run-1', 'rollback-begun', { generation: 2, mode: 'soft', reason });
  if (paused) await ledger.append('run-1', 'paused', { generation: 1, reason: paused, alarm: 'x' });
  const conclude = () => concludeHypotheses(ledger, 'run-1', 2, { hypotheses: [FAST], stages: 2 });
  await conclude();
  await conclude();
  const told = (await ledger.events()).filter(({ kind }) => kind === 'hypotheses');
  expect(told).toHaveLength(1);
  const [found] = (told[0]?.data.outcomes ?? []) as HypothesisOutcome[];
  return [found?.outcome, found?.evaluations, found?.failed];
}

test.each<[string, Record<number, GateRecord>, string | undefined, unknown[]]>([
  ['held in every stage', { 0: record({}), 1: record({ evaluations: 5 }) }, undefined, ['held', 15, 0]],
  ['was beyond its bound in one', { 0: record({}), 1: record({ failed: 2, verdict: 'failed' }) }, undefined, ['broken', 20, 2]],
  ['set its alarm off', { 0: record({}) }, 'Alarm Fast-1234: over 200', ['broken', 10, 0]],
  ['had nothing to do with the rollback', { 0: record({}) }, 'Alarm Slow: over 200', ['held', 10, 0]],
  ['was never measured', { 0: record({ verdict: 'inconclusive' }) }, undefined, ['unknown', 10, 0]],
  ['was measured in an earlier run only', { 0: record({ run: 'run-0' }) }, undefined, ['unknown', 0, 0]],
])('a hypothesis that %s', async (_, notes, reason, expected) => {
  expect(await concluded(notes, reason)).toEqual(expected);
});

test('a hypothesis whose alarm paused the run was broken, however the run ended', async () => {
  expect(await concluded({ 0: record({}) }, undefined, 'Alarm Fast-1234: over 200')).toEqual(['broken', 10, 0]);
});

test('a run that expects nothing says nothing', async () => {
  const ledger = new MemoryLedger();
  await concludeHypotheses(ledger, 'run-1', 1, undefined);
  await concludeHypotheses(ledger, 'run-1', 1, { hypotheses: [], stages: 3 });
  expect(await ledger.events()).toEqual([]);
});
