import { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ApprovalSpec } from '../../lambda/core/approval';
import type { GateSpec } from '../../lambda/core/gate';
import type { HookSpec } from '../../lambda/core/hook';
import type { PromotionSpec } from '../../lambda/core/promotion';
import type { QueriesSpec } from '../../lambda/core/query-gate';
import type { CompatibilitySpec } from '../../lambda/core/survey';
import type { WindowSpec } from '../../lambda/core/window';
import { compareIndex } from './comparison';
import { askHooks } from './hooks';
import { LONG, retryStart, retryTransient, SHORT } from './retries';
import { ask, call, RUN, run } from './states';
import type { StageTasks } from './tasks';

/** What decides a stage, in the order in which it is asked. */
export interface StageChecks {
  /** The certificate of another environment that it needs. */
  readonly promotion?: PromotionSpec;
  /** Items of the legacy table that have to fit the transform. */
  readonly compatibility?: CompatibilitySpec;
  /** Who has to approve it. */
  readonly approval?: StageApproval;
  /** When it may begin. */
  readonly window?: WindowSpec;
  /** What may refuse it, last of all. */
  readonly hooks?: HookSpec[];
  /** What is evaluated in each observation while it bakes. */
  readonly gates?: GateSpec[];
  /** Queries that are asked of both tables after the bake. */
  readonly queries?: QueriesSpec;
  /** Indexes that are compared with their table after the bake. */
  readonly indexes?: IndexSpec[];
  /** The comparison of both tables after the bake, and after the queries, which cost less. */
  readonly comparison?: ComparisonSpec;
}

/** A stage as the workflow sees it. */
export interface WorkflowStage extends StageChecks {
  readonly name: string;
  readonly index: number;
  /** Time between two looks at a deployment of this stage. */
  readonly look: Duration;
  /** Time between two observations. */
  readonly tick: Duration;
  /** Observations that must succeed. */
  readonly ticks: number;
}

/** An approval, and how long the stage waits for it. */
export interface StageApproval extends ApprovalSpec {
  /** Seconds. */
  readonly expiresAfter: number;
}

/** What becomes of a comparison. */
export interface ComparisonSpec {
  readonly observeOnly: boolean;
}

/** An index that is compared with its table. */
export interface IndexSpec extends ComparisonSpec {
  readonly index: string;
}

/** The workflows that a stage runs, and what follows when it is not approved in time: `$.failure` says so. */
export interface StageMachines {
  readonly shift: sfn.IStateMachine;
  readonly bake: sfn.IStateMachine;
  /** Where there are two tables to compare. */
  readonly comparison?: sfn.IStateMachine;
  /** Where some index is compared with its table. */
  readonly indexComparison?: sfn.IStateMachine;
  /** Where in the state the number of slices is. */
  readonly slices: string;
  readonly otherwise: sfn.IChainable;
}

/** Shifts traffic, observes, and records what was seen. */
export class StageFragment extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, tasks: StageTasks, machines: StageMachines, stage: WorkflowStage) {
    super(scope, id);
    const { name, index, look, tick, ticks, gates = [], comparison } = stage;
    const shift = run(this, `${name}: shift`, machines.shift, {
      ...RUN,
      to: { kind: 'stage', stage: index },
      look: look.toSeconds(),
    });
    const bake = run(
      this,
      `${name}: bake`,
      machines.bake,
      { ...RUN, stage: index, tick: tick.toSeconds(), ticks, gates },
      '$.baked',
    );
    const evidence = call(this, `${name}: evidence`, {
      fn: tasks.evidence,
      payload: { ...RUN, stage: index, result: sfn.JsonPath.objectAt('$.baked.output') },
      resultPath: sfn.JsonPath.DISCARD,
    });
    for (const state of [shift, bake]) retryStart(state, SHORT);
    const baked = shift.next(bake);
    const asked = stage.queries ? baked.next(this.query(tasks, stage, stage.queries)) : baked;
    const { indexes = [] } = stage;
    const looked = indexes.reduce((chain, spec) => chain.next(this.compareIndex(machines, stage, spec)), asked);
    const compared = comparison ? looked.next(this.compare(machines, stage, comparison)) : looked;
    compared.next(retryTransient(evidence, SHORT));
    const { hooks = [] } = stage;
    const allowed = hooks.length > 0 ? askHooks(this, name, tasks, hooks, index).next(shift).startState : shift;
    const opened = stage.window ? this.wait(tasks, stage, stage.window, allowed) : allowed;
    const approved = stage.approval ? this.ask(tasks, machines, stage, stage.approval).next(opened).startState : opened;
    const fitting = stage.compatibility ? this.survey(tasks, stage, stage.compatibility).next(approved).startState : approved;
    this.startState = stage.promotion ? this.promote(tasks, stage, stage.promotion).next(fitting).startState : fitting;
    this.endStates = [evidence];
  }

  private promote(tasks: StageTasks, { name, index }: WorkflowStage, promotion: PromotionSpec): sfn.TaskStateBase {
    const fn = tasks.promotion as lambda.IFunction;
    const payload = { ...RUN, stage: index, promotion };
    // Another environment's bucket and key: nothing is lost by waiting longer for them.
    return retryTransient(call(this, `${name}: promotion`, { fn, payload, resultPath: sfn.JsonPath.DISCARD }), LONG);
  }

  private survey(tasks: StageTasks, { name, index }: WorkflowStage, compatibility: CompatibilitySpec): sfn.TaskStateBase {
    const payload = { ...RUN, stage: index, compatibility };
    const survey = call(this, `${name}: compatibility`, { fn: tasks.compatibility, payload, resultPath: sfn.JsonPath.DISCARD });
    return retryTransient(survey, SHORT);
  }

  /** Waits with a token, which costs nothing. Time that has run out is a failure like a rejection, and is not asked for again. */
  private ask(
    tasks: StageTasks,
    { otherwise }: StageMachines,
    { name }: WorkflowStage,
    approval: StageApproval,
  ): sfn.TaskStateBase {
    const { expiresAfter, ...spec } = approval;
    const asked = ask(this, `${name}: approval`, {
      fn: tasks.askApproval,
      payload: { ...RUN, stage: name, approval: spec },
      timeout: Duration.seconds(expiresAfter),
    });
    const expired = new sfn.Pass(this, `${name}: expired`, {
      result: sfn.Result.fromObject({
        Error: 'GateFailed',
        Cause: `Gate approval of stage ${name}: it was not approved by ${spec.atLeast} of ${spec.approvers.join(', ')} in time.`,
      }),
      resultPath: '$.failure',
    });
    asked.addRetry({ errors: [sfn.Errors.TIMEOUT], maxAttempts: 0 });
    asked.addCatch(expired.next(otherwise), { errors: [sfn.Errors.TIMEOUT], resultPath: sfn.JsonPath.DISCARD });
    return retryTransient(asked, SHORT);
  }

  /** Looks, waits, and looks again, for as long as it takes. */
  private wait(tasks: StageTasks, { name, index }: WorkflowStage, window: WindowSpec, then: sfn.IChainable): sfn.State {
    const payload = { ...RUN, stage: index, window };
    // Change calendars are another service's: nothing is lost by waiting longer for it.
    const patience = window.calendars?.length ? LONG : SHORT;
    const look = retryTransient(call(this, `${name}: window`, { fn: tasks.window, payload, resultPath: '$.window' }), patience);
    const wait = new sfn.Wait(this, `${name}: wait`, { time: sfn.WaitTime.secondsPath('$.window.wait') });
    const open = new sfn.Choice(this, `${name}: open?`);
    open.when(sfn.Condition.numberEquals('$.window.wait', 0), then).otherwise(wait.next(look));
    return look.next(open).startState;
  }

  private query(tasks: StageTasks, { name, index }: WorkflowStage, queries: QueriesSpec): sfn.TaskStateBase {
    const payload = { ...RUN, stage: index, queries };
    return retryTransient(
      call(this, `${name}: queries`, { fn: tasks.queries as lambda.IFunction, payload, resultPath: sfn.JsonPath.DISCARD }),
      SHORT,
    );
  }

  private compare(machines: StageMachines, { name, index }: WorkflowStage, { observeOnly }: ComparisonSpec): sfn.TaskStateBase {
    const slices = sfn.JsonPath.numberAt(machines.slices);
    const state = run(this, `${name}: compare`, machines.comparison as sfn.IStateMachine, {
      ...RUN,
      slices,
      stage: index,
      observeOnly,
    });
    retryStart(state, SHORT);
    return state;
  }

  private compareIndex(machines: StageMachines, { name, index: stage }: WorkflowStage, spec: IndexSpec): sfn.TaskStateBase {
    const { indexComparison, slices } = machines;
    return compareIndex(this, `${name}: index ${spec.index}`, indexComparison as sfn.IStateMachine, { ...spec, stage, slices });
  }
}
