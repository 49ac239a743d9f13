import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ErrorName } from '../../lambda/core/errors';
import { Machine } from './machine';
import { LONG, retryTransient } from './retries';
import { ask, call, RUN } from './states';
import type { StageTasks } from './tasks';

const { Condition, JsonPath } = sfn;

const PAUSED: ErrorName = 'Paused';

/**
 * Moves traffic to a goal, one release after the other: prove, release, look until it has spread, and wait until nobody
 * acts on an older table. Where both models are in one table there is nothing to prove. Input: `{ run, generation, to, look }`, `look`
 * in seconds. Used forwards and on the way back.
 *
 * A release that is refused because the run is paused waits with a token, which costs nothing, until somebody resumes the run or
 * this execution is stopped; then all of it is asked and proved anew.
 */
export class Shift extends Construct {
  /** The workflow. */
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, tasks: StageTasks, logRetention: logs.RetentionDays, prove?: lambda.IFunction) {
    super(scope, id);
    const to = JsonPath.objectAt('$.to');
    const traffic = (name: string, action: string, more: { [key: string]: unknown }, resultPath: string) =>
      retryTransient(call(this, name, { fn: tasks.traffic, payload: { ...RUN, action, ...more }, resultPath }), LONG);

    const next = traffic('Next', 'next', { to }, '$.next');
    const release = traffic('Release', 'release', { to, revision: JsonPath.numberAt('$.next.revision') }, '$.next');
    const resumed = retryTransient(ask(this, 'Wait for resume', { fn: tasks.awaitResume, payload: RUN }), LONG);
    const check = traffic('Check', 'check', { deployment: JsonPath.numberAt('$.next.deployment') }, '$.checked');
    const spread = new sfn.Wait(this, 'Let it spread', { time: sfn.WaitTime.secondsPath('$.look') });
    const barrier = new sfn.Wait(this, 'Barrier', { time: sfn.WaitTime.secondsPath('$.checked.barrier') });

    const what = new sfn.Choice(this, 'What now?')
      .when(Condition.booleanEquals('$.next.done', true), new sfn.Succeed(this, 'Arrived', { outputPath: JsonPath.DISCARD }))
      .when(Condition.isPresent('$.next.deployment'), check);
    next.next(
      prove
        ? what.when(Condition.stringEquals('$.next.prove', 'none'), release).otherwise(this.prove(prove).next(release))
        : what.otherwise(release),
    );
    release.addCatch(resumed.next(next), { errors: [PAUSED], resultPath: JsonPath.DISCARD });
    release.next(spread).next(check);
    check.next(
      new sfn.Choice(this, 'Spread?').when(Condition.stringEquals('$.checked.state', 'complete'), barrier).otherwise(spread),
    );
    barrier.next(next);
    this.stateMachine = new Machine(this, 'Machine', {
      definition: next,
      comment: 'Moves traffic of a DynamoDB rollout, one position at a time',
      logRetention,
      calls: [tasks.traffic, ...(prove ? [prove] : []), tasks.awaitResume],
    });
  }

  private prove(fn: lambda.IFunction): sfn.TaskStateBase {
    const payload = { ...RUN, lane: JsonPath.stringAt('$.next.prove') };
    return retryTransient(call(this, 'Prove replication', { fn, payload, resultPath: JsonPath.DISCARD }), LONG);
  }
}
