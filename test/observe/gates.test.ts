import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { judgeGates, recordOf, unknownGate } from '../../lambda/core/gate';
import type { Verdict } from '../../lambda/core/verdict';
import { evaluateGates } from '../../lambda/observe/gates';
import { Gate } from '../../lib';
import { after, OBSERVED, ok, portsOf, specOf } from '../checks/observed-gates';
import { aStack } from '../lib/fixture';

// What each gate makes of what it measures is in test/checks.
const BUDGETS = { inconclusiveBudget: 2, errorBudget: 1 };
const stack = aStack();
const p99 = new cloudwatch.Metric({ namespace: 'App', metricName: 'Latency', statistic: 'p99', period: Duration.minutes(1) });
const metric = specOf(Gate.metric(p99, { atMost: 50 }));
const anAlarm = cloudwatch.Alarm.fromAlarmArn(stack, 'errors', 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:app-errors');
const alarm = specOf(Gate.alarm(anAlarm, BUDGETS));
const check = lambda.Function.fromFunctionArn(stack, 'orders', 'arn:aws:lambda:eu-west-1:111122223333:function:check');
const probe = specOf(Gate.probe(check, BUDGETS));
const JUST_NOW = OBSERVED.since + 5.5 * 60_000;

test('before a window has passed since the shift a metric is inconclusive', async () => {
  const ports = await portsOf({ values: after(99, 99, 99) });
  const [record] = await evaluateGates(ports, { ...OBSERVED, since: JUST_NOW }, [metric]);
  expect(record).toMatchObject({ verdict: 'inconclusive', reason: 'No window has passed since the shift.' });
});

test('what cannot be measured is an error when its own budget is used up, and data sets the budget back', async () => {
  const verdicts = (outcomes: readonly Verdict[]) => {
    let record = unknownGate('run-1', probe);
    return outcomes.map((verdict) => {
      record = recordOf(probe, record, { verdict });
      return record.verdict;
    });
  };
  expect(verdicts(['inconclusive', 'inconclusive', 'inconclusive'])).toEqual(['inconclusive', 'inconclusive', 'error']);
  expect(verdicts(['error', 'error'])).toEqual(['inconclusive', 'error']);
  expect(verdicts(['error', 'inconclusive', 'error', 'inconclusive'])).not.toContain('error');
  expect(verdicts(['inconclusive', 'inconclusive', 'successful', 'inconclusive'])).not.toContain('error');
});

test('how often there was no verdict is kept, however it went on', () => {
  const verdicts: Verdict[] = ['inconclusive', 'successful', 'error', 'failed', 'inconclusive'];
  const record = verdicts.reduce((before, verdict) => recordOf(probe, before, { verdict }), unknownGate('run-1', probe));
  expect(record).toMatchObject({ evaluations: 5, failed: 1, doubts: 3, inconclusive: 1 });
});

test('the evaluations of a stage add up in the ledger, and another run begins anew', async () => {
  const ports = await portsOf({ alarms: [{ ...ok, state: 'INSUFFICIENT_DATA' }] });
  await evaluateGates(ports, OBSERVED, [alarm]);
  const [second] = await evaluateGates(ports, OBSERVED, [alarm]);
  expect(second).toMatchObject({ evaluations: 2, inconclusive: 2 });
  expect(await ports.ledger.note('gate#0#errors')).toEqual(second);
  const [other] = await evaluateGates(ports, { ...OBSERVED, run: 'run-2' }, [alarm]);
  expect(other).toMatchObject({ run: 'run-2', evaluations: 1 });
});

test('the worst gate decides, and one that only observes does not', () => {
  const record = (id: string, verdict: Verdict, observeOnly = false) => ({
    ...unknownGate('run-1', { ...alarm, id, observeOnly }),
    verdict,
    reason: `is ${verdict}`,
  });
  expect(judgeGates([])).toEqual({ verdict: 'successful', reasons: [] });
  expect(judgeGates([record('a', 'failed', true)])).toEqual({ verdict: 'successful', reasons: [] });
  expect(judgeGates([record('a', 'inconclusive'), record('b', 'failed'), record('c', 'error')])).toEqual({
    verdict: 'failed',
    reasons: ['Gate b: is failed'],
  });
});
