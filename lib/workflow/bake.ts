import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Machine } from './machine';
import { LONG, retryTransient } from './retries';
import { call, RUN } from './states';
import type { StageTasks } from './tasks';

const { Condition, JsonPath } = sfn;

/**
 * Most observations that one bake asks for. An execution has 25,000 events at most; an observation takes nine, up to twice
 * as many as are asked for are made, and some are tried again.
 */
export const MAX_TICKS = 1000;

/**
 * Observes a stage, in a workflow of its own because its history is long. Input: `{ run, generation, stage, tick, ticks, gates }`.
 * It ends well after `ticks` observations that were successful. The observation itself fails when something is wrong, and
 * when it could not measure for too long or too often; one that is inconclusive does not count.
 */
export class Bake extends Construct {
  /** The workflow. */
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, tasks: StageTasks, logRetention: logs.RetentionDays) {
    super(scope, id);
    // An execution of the rollout that began before there were gates does not give any.
    const defaults = new sfn.Pass(this, 'Defaults', { result: sfn.Result.fromObject({ gates: [] }), resultPath: '$.defaults' });
    const asked = new sfn.Pass(this, 'What is asked', {
      parameters: { 'asked.$': 'States.JsonMerge($.defaults, $$.Execution.Input, false)' },
      outputPath: '$.asked',
    });
    const start = new sfn.Pass(this, 'Nothing seen yet', {
      result: sfn.Result.fromObject({ seen: { successful: 0, all: 0 } }),
      resultPath: '$.observed',
    });
    const wait = new sfn.Wait(this, 'Bake', { time: sfn.WaitTime.secondsPath('$.tick') });
    const observe = call(this, 'Observe', {
      fn: tasks.observe,
      payload: {
        ...RUN,
        stage: JsonPath.numberAt('$.stage'),
        ticks: JsonPath.numberAt('$.ticks'),
        seen: JsonPath.objectAt('$.observed.seen'),
        gates: JsonPath.objectAt('$.gates'),
      },
      resultPath: '$.observed',
    });
    const enough = new sfn.Choice(this, 'Long enough?');
    const baked = new sfn.Succeed(this, 'Baked', { outputPath: '$.observed' });
    defaults.next(asked).next(start).next(wait).next(retryTransient(observe, LONG)).next(enough);
    enough.when(Condition.booleanEquals('$.observed.done', true), baked).otherwise(wait);
    this.stateMachine = new Machine(this, 'Machine', {
      definition: defaults,
      comment: 'Observes a stage of a DynamoDB rollout',
      logRetention,
      calls: [tasks.observe],
    });
  }
}
