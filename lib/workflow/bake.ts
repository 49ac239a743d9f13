import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Machine } from './machine';
import { LONG, retryTransient } from './retries';
import { call, RUN } from './states';
import type { WorkflowTasks } from './tasks';

const { Condition, JsonPath } = sfn;

/** Most observations of one bake: an execution has 25,000 events at most, and each observation takes eleven. */
export const MAX_TICKS = 1500;

/**
 * Observes a stage, in a workflow of its own because its history is long. Input: `{ run, generation, stage, tick, ticks }`.
 * It ends well after `ticks` observations that were successful. The observation itself fails when something is wrong, and
 * when it could not measure for too long; one that is inconclusive does not count.
 */
export class Bake extends Construct {
  /** The workflow. */
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, tasks: WorkflowTasks, logRetention: logs.RetentionDays) {
    super(scope, id);
    const start = new sfn.Pass(this, 'Nothing seen yet', { result: sfn.Result.fromObject({ n: 0 }), resultPath: '$.seen' });
    const wait = new sfn.Wait(this, 'Bake', { time: sfn.WaitTime.secondsPath('$.tick') });
    const observe = call(this, 'Observe', {
      fn: tasks.observe,
      payload: { ...RUN, stage: JsonPath.numberAt('$.stage'), since: JsonPath.stringAt('$$.Execution.StartTime') },
      resultPath: '$.observed',
    });
    const conclusive = new sfn.Choice(this, 'Conclusive?');
    const count = new sfn.Pass(this, 'Count', { parameters: { 'n.$': 'States.MathAdd($.seen.n, 1)' }, resultPath: '$.seen' });
    const enough = new sfn.Choice(this, 'Long enough?');
    const baked = new sfn.Succeed(this, 'Baked', { outputPath: '$.observed' });
    start.next(wait).next(retryTransient(observe, LONG)).next(conclusive);
    conclusive.when(Condition.stringEquals('$.observed.verdict', 'successful'), count).otherwise(wait);
    count.next(enough);
    enough.when(Condition.numberGreaterThanEqualsJsonPath('$.seen.n', '$.ticks'), baked).otherwise(wait);
    this.stateMachine = new Machine(this, 'Machine', {
      definition: start,
      comment: 'Observes a stage of a DynamoDB rollout',
      logRetention,
      calls: [tasks.observe],
    });
  }
}
