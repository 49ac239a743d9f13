import type { Duration } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { GateSpec } from '../../lambda/core/gate';
import type { Expectations } from '../../lambda/core/hypothesis';
import { Machine } from './machine';
import type { Phases } from './phases';
import { retryTransient, STUBBORN } from './retries';
import { call, RUN, run } from './states';
import type { StageTasks } from './tasks';

const { Condition, JsonPath } = sfn;

/** What failed, as text: an error usually has a cause, but need not. */
const FAILURE = JsonPath.jsonToString(JsonPath.objectAt('$.failure'));

/** What a `Rollback` workflow joins. */
export interface RollbackWorkflowProps {
  readonly tasks: StageTasks;
  readonly phases: Phases;
  readonly shift: sfn.StateMachine;
  /** What a run is expected not to do. */
  readonly expected: Expectations;
  /** Metrics that must come back to where they were. */
  readonly gates: GateSpec[];
  /** Time between two looks at a deployment. */
  readonly look: Duration;
  readonly logRetention: logs.RetentionDays;
}

/**
 * The rollback workflow, which needs nothing of the rollout workflow. Input, all optional:
 * `{ "mode": "soft" | "fenced" | "immediate", "reason": "...", "run": "..." }`.
 *
 * It takes the lease, stops what still spreads, and goes back in the mode asked for, trying for hours where it has to. None
 * becomes a harder one by itself: where replication does not drain, a fence would only stop the writers, too. Then what the new
 * model left is made equal to legacy again: when that fails it is noted, and the way back stands.
 */
export class RollbackWorkflow extends Construct {
  /** The workflow. */
  readonly stateMachine: sfn.StateMachine;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RollbackWorkflowProps,
  ) {
    super(scope, id);
    const { tasks, phases } = props;
    const failed = this.failure();
    const finish = this.finish('Finish');
    const noted = this.finish('Finish without reconciliation', FAILURE);
    const settled = phases.settle?.(this, noted) ?? new Settled(this, 'Settled');
    for (const state of sfn.State.findReachableStates(settled.startState)) {
      if (state === noted) continue;
      if (state instanceof sfn.TaskStateBase || state instanceof sfn.DistributedMap) {
        state.addCatch(noted, { errors: ['States.ALL'], resultPath: '$.failure' });
      }
    }
    const end = new sfn.Succeed(this, 'Rolled back');
    noted.next(end);
    settled.next(finish).next(end);
    const back = phases.hasModes ? this.back(props, settled, failed, noted) : this.oneWay(props, settled, failed);
    this.stateMachine = new Machine(this, 'Machine', {
      definition: this.takeOver(back, failed),
      comment: 'Takes traffic of a DynamoDB rollout back to the legacy table',
      logRetention: props.logRetention,
      calls: [...[tasks.takeover, tasks.traffic, tasks.planSlices, tasks.sumSlices, tasks.finish], ...phases.callsBack],
      runs: [props.shift],
    });
  }

  /** Takes the lease, lets the old holder's last requests land, and stops what it released. */
  private takeOver(back: sfn.IChainable, failed: sfn.IChainable): sfn.IChainable {
    const defaults = new sfn.Pass(this, 'Defaults', {
      result: sfn.Result.fromObject({ mode: 'soft', reason: 'Started by hand, without a reason' }),
      resultPath: '$.defaults',
    });
    const asked = new sfn.Pass(this, 'What is asked', {
      parameters: { 'asked.$': 'States.JsonMerge($.defaults, $$.Execution.Input, false)' },
      outputPath: '$.asked',
    });
    const holder = new sfn.Pass(this, 'Name the holder', { inputPath: '$$.Execution.Id', resultPath: '$.holder' });
    const take = call(this, 'Take over', { fn: this.props.tasks.takeover, resultPath: '$.taken' });
    const hold = new sfn.Pass(this, 'Hold the lease', {
      parameters: {
        'run.$': '$.taken.run',
        'generation.$': '$.taken.generation',
        'wait.$': '$.taken.wait',
        'slices.$': '$.taken.slices',
        'mode.$': '$.mode',
        'reason.$': '$.reason',
      },
    });
    const wait = new sfn.Wait(this, 'Let the old holder end', { time: sfn.WaitTime.secondsPath('$.wait') });
    const halt = call(this, 'Halt', {
      fn: this.props.tasks.traffic,
      payload: { ...RUN, action: 'halt' },
      resultPath: '$.halted',
    });
    const barrier = new sfn.Wait(this, 'Barrier', { time: sfn.WaitTime.secondsPath('$.halted.barrier') });
    const underWay = new sfn.Succeed(this, 'Nothing to take back');
    retryTransient(take, STUBBORN).addCatch(underWay, { errors: ['AlreadyRunning', 'LeaseLost'], resultPath: '$.failure' });
    retryTransient(halt, STUBBORN).addCatch(failed, { errors: ['States.ALL'], resultPath: '$.failure' });
    defaults
      .next(asked)
      .next(holder)
      .next(take)
      .next(hold)
      .next(
        new sfn.Choice(this, 'At once?').when(Condition.stringEquals('$.mode', 'immediate'), halt).otherwise(wait.next(halt)),
      );
    halt.next(
      new sfn.Choice(this, 'Without a barrier?')
        .when(Condition.stringEquals('$.mode', 'immediate'), back)
        .otherwise(barrier.next(back)),
    );
    return defaults;
  }

  /** A target that is down proves nothing: then late writes stay in its stream, and are merged or kept when it is up again. */
  private back(
    props: RollbackWorkflowProps,
    then: sfn.IChainable,
    failed: sfn.IChainable,
    noted: sfn.IChainable,
  ): sfn.IChainable {
    const shift = (name: string, to: { [key: string]: unknown }, patience = STUBBORN) => {
      const state = run(this, name, props.shift, { ...RUN, to, look: props.look.toSeconds() });
      return retryTransient(state, patience);
    };
    const soft = shift('Shift back', { kind: 'back' });
    const fence = shift('Fence', { kind: 'fence' });
    const legacy = shift('Shift to legacy', { kind: 'legacy', salvage: false });
    const salvage = shift('Shift to legacy at once', { kind: 'legacy', salvage: true });
    const drained = shift('End the merging', { kind: 'legacy', salvage: false }, { ...STUBBORN, attempts: 2 });
    drained.addCatch(noted, { errors: ['States.ALL'], resultPath: '$.failure' });
    for (const state of [soft, fence, legacy, salvage])
      state.addCatch(failed, { errors: ['States.ALL'], resultPath: '$.failure' });
    soft.next(then);
    fence.next(legacy).next(then);
    salvage.next(drained).next(then);
    return new sfn.Choice(this, 'Which way?')
      .when(Condition.stringEquals('$.mode', 'soft'), soft)
      .when(Condition.stringEquals('$.mode', 'immediate'), salvage)
      .otherwise(fence);
  }

  /** Everybody understands both forms, so there is one way back, and it is legal at any moment. */
  private oneWay({ shift, look }: RollbackWorkflowProps, then: sfn.IChainable, failed: sfn.IChainable): sfn.IChainable {
    const to = { kind: 'legacy', salvage: false };
    const back = run(this, 'Shift back', shift, { ...RUN, to, look: look.toSeconds() });
    retryTransient(back, STUBBORN).addCatch(failed, { errors: ['States.ALL'], resultPath: '$.failure' });
    return back.next(then);
  }

  private finish(name: string, reason?: string): sfn.TaskStateBase {
    const payload = {
      ...RUN,
      outcome: 'rolled-back',
      gates: this.props.gates,
      expected: this.props.expected,
      ...(reason ? { reason } : {}),
    };
    return retryTransient(call(this, name, { fn: this.props.tasks.finish, payload, resultPath: JsonPath.DISCARD }), STUBBORN);
  }

  /** The lease stays with this execution, so that nobody begins anew before an operator has looked. */
  private failure(): sfn.IChainable {
    const fail = new sfn.Fail(this, 'Failed', { errorPath: '$.failure.Error', causePath: '$.failure.Cause' });
    const note = call(this, 'Note the failure', {
      fn: this.props.tasks.finish,
      payload: { ...RUN, outcome: 'failed', reason: FAILURE },
      resultPath: JsonPath.DISCARD,
    });
    retryTransient(note, STUBBORN).addCatch(fail, { errors: ['States.ALL'], resultPath: JsonPath.DISCARD });
    return note.next(fail);
  }
}

/** Where nothing is left to do. */
class Settled extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const settled = new sfn.Pass(this, 'Settled');
    this.startState = settled;
    this.endStates = [settled];
  }
}
