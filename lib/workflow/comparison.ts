import type { Duration } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Machine } from './machine';
import { Reconciliation } from './reconciliation';
import { retryStart, SHORT } from './retries';
import { RUN, run } from './states';
import type { ComparingTasks } from './tasks';

const { Condition, JsonPath } = sfn;

/** Bounds of a comparison. */
export interface ComparisonProps {
  readonly inFlight: Duration;
  readonly logRetention: logs.RetentionDays;
  readonly what: keyof typeof WORDS;
}

/** What differs, in the words of the gate that asked. */
const WORDS = {
  tables: {
    comment: 'Compares both tables of a DynamoDB rollout in full',
    differ: 'Tables differ',
    cause: "States.Format('Gate reconciliation of stage {}: the tables differ: {}.",
    of: ['$.stage'],
  },
  index: {
    comment: 'Compares an index with its DynamoDB table in full',
    differ: 'Index and table differ',
    cause: "States.Format('Gate indexCoherence of stage {}: the index {} and its table differ: {}.",
    of: ['$.stage', '$.index'],
  },
} as const;

/**
 * Compares both tables in full for a stage, or an index with its table, and repairs nothing. Input: `{ run, generation, slices, stage,
 * observeOnly }`, and `index`. It fails with `GateFailed` where groups differ for good.
 */
export class Comparison extends Construct {
  /** The workflow. */
  readonly stateMachine: sfn.StateMachine;

  constructor(scope: Construct, id: string, tasks: ComparingTasks, props: ComparisonProps) {
    super(scope, id);
    const { inFlight, logRetention, what } = props;
    const { comment, differ: name, cause, of } = WORDS[what];
    const failed = new sfn.Fail(this, 'Failed', { errorPath: '$.failure.Error', causePath: '$.failure.Cause' });
    const told = new sfn.Succeed(this, 'Told, and nothing else');
    const differ = new sfn.Pass(this, name, {
      parameters: {
        Error: 'GateFailed',
        'Cause.$': `${cause} The list, where they could be listed, is in the archive of the ledger under differences/; the first are in the ledger.', ${of.join(', ')}, States.JsonToString($.sum))`,
      },
      resultPath: '$.failure',
    });
    const only = new sfn.Choice(this, 'Only told?').when(Condition.booleanEquals('$.observeOnly', true), told).otherwise(failed);
    differ.next(only);
    const reconciliation = new Reconciliation(this, 'Compare', tasks, {
      ...{ inFlight, slices: JsonPath.numberAt('$.slices'), otherwise: only },
      compareOnly: { of: of.map((path) => JsonPath.stringAt(path)), isIndex: what === 'index', different: differ },
    });
    // What only observes ends no stage, whatever keeps it from observing.
    for (const state of sfn.State.findReachableStates(reconciliation.startState)) {
      if (state instanceof sfn.TaskStateBase || state instanceof sfn.DistributedMap) {
        state.addCatch(only, { errors: ['States.ALL'], resultPath: '$.failure' });
      }
    }
    this.stateMachine = new Machine(this, 'Machine', {
      definition: reconciliation.next(new sfn.Succeed(this, 'Equal')),
      comment,
      logRetention,
      calls: [...new Set([tasks.planSlices, tasks.sketch, tasks.differences, tasks.reconcile, tasks.sumSlices])],
    });
  }
}

/** Which index is compared, for which stage. */
export interface CompareIndexProps {
  readonly index: string;
  readonly observeOnly: boolean;
  /** Index of the stage, or what comes before all of them. */
  readonly stage: number | string;
  /** Where in the state the number of slices is. */
  readonly slices: string;
}

/** Runs a comparison of an index with its table. */
export function compareIndex(
  scope: Construct,
  id: string,
  machine: sfn.IStateMachine,
  props: CompareIndexProps,
): sfn.TaskStateBase {
  const { index, observeOnly, stage, slices } = props;
  const state = run(scope, id, machine, { ...RUN, slices: JsonPath.numberAt(slices), stage, index, observeOnly });
  retryStart(state, SHORT);
  return state;
}

/** Makes sure, before the first stage, that an index holds what its table says. */
export class IndexProof extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(
    scope: Construct,
    id: string,
    machine: sfn.IStateMachine,
    props: { readonly index: string; readonly slices: string },
  ) {
    super(scope, id);
    const { index, slices } = props;
    const compare = compareIndex(this, 'Compare index and table', machine, {
      index,
      observeOnly: false,
      stage: 'before',
      slices,
    });
    this.startState = compare;
    this.endStates = [compare];
  }
}
