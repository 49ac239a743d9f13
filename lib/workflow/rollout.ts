import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import type { HookSpec } from '../../lambda/core/hook';
import type { Expectations } from '../../lambda/core/hypothesis';
import { Begin } from './begin';
import { Completion } from './completion';
import { Machine } from './machine';
import type { Phases } from './phases';
import { Preflight } from './preflight';
import { StageFragment, type StageMachines, type WorkflowStage } from './stage';
import { TakeBack } from './take-back';
import type { StageTasks } from './tasks';

/** What a `Rollout` joins. */
export interface RolloutProps {
  readonly tasks: StageTasks;
  /** What is done before the stages, and after them. */
  readonly phases: Phases;
  readonly stages: WorkflowStage[];
  readonly expected: Expectations;
  /** What may refuse the completion. */
  readonly beforeCompletion: HookSpec[];
  readonly shift: sfn.StateMachine;
  readonly bake: sfn.StateMachine;
  readonly comparison?: sfn.StateMachine;
  readonly indexComparison?: sfn.StateMachine;
  readonly rollback: sfn.StateMachine;
  readonly logRetention: logs.RetentionDays;
}

/** The rollout workflow, from the lease to completion. */
export class Rollout extends Construct {
  /** The workflow. Start it with `{ "reason": "..." }`, or with `{}`. */
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, id);
    const { tasks, phases, shift, bake, comparison, indexComparison, rollback, logRetention } = props;
    const compares = props.stages.some((stage) => stage.comparison);
    const takeBack = new TakeBack(this, 'TakeBack', rollback);
    this.stateMachine = new Machine(this, 'Machine', {
      definition: this.definition(
        props,
        { shift, bake, comparison, indexComparison, slices: phases.slices, otherwise: takeBack },
        takeBack,
      ),
      comment: phases.comment,
      logRetention,
      calls: [
        ...[tasks.begin, tasks.preflight, tasks.planSlices, tasks.sumSlices],
        ...phases.calls,
        ...[tasks.compatibility, tasks.askApproval, tasks.window, tasks.evidence, tasks.finish],
        ...[tasks.promotion, tasks.hook, tasks.certify, tasks.queries].filter((fn) => fn !== undefined),
      ],
      runs: [shift, bake, ...(compares && comparison ? [comparison] : []), ...(indexComparison ? [indexComparison] : [])],
    });
  }

  private definition(props: RolloutProps, machines: StageMachines, takeBack: TakeBack): sfn.Chain {
    const { tasks, phases } = props;
    const afterBegin = [
      new Preflight(this, 'Preflight', tasks, queriesOf(props.stages)),
      ...phases.before(this, takeBack, machines.indexComparison),
      ...props.stages.map((stage) => new StageFragment(this, `Stage${stage.index}`, tasks, machines, stage)),
      ...phases.after(this, takeBack),
    ];
    const completion = new Completion(this, 'Completion', tasks, props.expected, props.beforeCompletion);
    const rest = afterBegin.slice(1).reduce((chain, phase) => chain.next(phase), sfn.Chain.start(afterBegin[0] as Preflight));
    catchAll(rest.next(completion), takeBack, completion.afterwards);
    return sfn.Chain.start(new Begin(this, 'Begin', tasks)).next(rest);
  }
}

/** Names of the queries that some stage asks. */
function queriesOf(stages: WorkflowStage[]): string[] {
  return [...new Set(stages.flatMap(({ queries }) => queries?.names ?? []))];
}

/** Every failure from here on takes traffic back, until the rollout is over. */
function catchAll(chain: sfn.Chain, takeBack: TakeBack, afterwards: sfn.State[]): void {
  const exempt = new Set<IConstruct>([...takeBack.node.findAll(), ...afterwards]);
  for (const state of sfn.State.findReachableStates(chain.startState)) {
    if (exempt.has(state)) continue;
    if (state instanceof sfn.TaskStateBase || state instanceof sfn.DistributedMap) {
      state.addCatch(takeBack, { errors: ['States.ALL'], resultPath: '$.failure' });
    }
  }
}
