import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { Adoption } from './adoption';
import { Amend, Examine } from './amend';
import { Backfill } from './backfill';
import { BuildIndex, type BuildIndexProps } from './build-index';
import { Comparison, IndexProof } from './comparison';
import { Reconciliation } from './reconciliation';
import { ReplicationProof } from './replication-proof';
import type { AmendTasks, ReindexTasks, StageTasks, WorkflowTasks } from './tasks';

/** Bounds of what is done slice by slice. */
export interface Bounds {
  /** Time after which no write of a worker can still land. */
  readonly inFlight: Duration;
}

/** What a kind of change does around its stages. */
export interface Phases {
  /** What the rollout workflow is for. */
  readonly comment: string;
  /** Functions that are called beside those of every workflow. */
  readonly calls: lambda.IFunction[];
  /** Those of them that the way back calls. */
  readonly callsBack: lambda.IFunction[];
  /** Proves replication between the tables, where there is any. */
  readonly prove?: lambda.IFunction;
  /** Compares the tables after a bake, where there are two. */
  readonly comparison?: (scope: Construct, logRetention: logs.RetentionDays) => sfn.StateMachine;
  /** Compares an index with its table, where that is asked for. */
  readonly indexComparison?: (scope: Construct, logRetention: logs.RetentionDays) => sfn.StateMachine;
  /** Where in the state the number of slices is, once the stages begin. */
  readonly slices: string;
  /** True where traffic goes back in more than one way. */
  readonly hasModes: boolean;
  /** Before the first stage. `otherwise` follows a failure that is in `$.failure`, here and below. */
  before(scope: Construct, otherwise: sfn.IChainable, indexComparison?: sfn.IStateMachine): sfn.StateMachineFragment[];
  /** After the last stage. */
  after(scope: Construct, otherwise: sfn.IChainable): sfn.StateMachineFragment[];
  /** When traffic is back, where anything is left to do. */
  settle?(scope: Construct, otherwise: sfn.IChainable): sfn.StateMachineFragment;
}

/** From table to table: the target is filled and made equal before traffic moves, and again when it is back. */
export function migrationPhases(tasks: WorkflowTasks, bounds: Bounds): Phases {
  const reconcile = (scope: Construct, path: string, otherwise: sfn.IChainable) =>
    new Reconciliation(scope, 'Reconciliation', tasks, { ...bounds, slices: sfn.JsonPath.numberAt(path), otherwise });
  const comparing = [tasks.sketch, tasks.differences, tasks.reconcile];
  return {
    comment: 'Rolls a DynamoDB table out to a new model',
    calls: [tasks.prove, tasks.backfill, ...comparing],
    callsBack: comparing,
    prove: tasks.prove,
    comparison: (scope, logRetention) =>
      new Comparison(scope, 'Comparison', tasks, { ...bounds, logRetention, what: 'tables' }).stateMachine,
    indexComparison: indexComparison(tasks, bounds),
    slices: '$.slices',
    hasModes: true,
    before: (scope, otherwise) => [
      new ReplicationProof(scope, 'ReplicationProof', tasks),
      new Backfill(scope, 'Backfill', tasks, bounds),
      reconcile(scope, '$.preflight.slices', otherwise),
    ],
    after: () => [],
    settle: (scope, otherwise) => reconcile(scope, '$.slices', otherwise),
  };
}

/** One task makes all steps of the comparison of an index with its table. */
function indexComparison(tasks: StageTasks, bounds: Bounds): Phases['indexComparison'] {
  const { planSlices, sumSlices, indexCoherence: fn } = tasks;
  if (!fn) return undefined;
  const comparing = { planSlices, sumSlices, sketch: fn, differences: fn, reconcile: fn };
  return (scope, logRetention) =>
    new Comparison(scope, 'IndexComparison', comparing, { ...bounds, logRetention, what: 'index' }).stateMachine;
}

/** In place: every item is looked at, and every writer uses the client, before traffic moves; items are stored in the new form after, on the way back in the old one. */
export function amendmentPhases(tasks: AmendTasks, bounds: Bounds, quiet: Duration): Phases {
  const amend = (scope: Construct, form: 'legacy' | 'target', path: string, otherwise: sfn.IChainable) =>
    new Amend(scope, 'Amend', tasks, { ...bounds, form, slices: sfn.JsonPath.numberAt(path), otherwise });
  return {
    comment: 'Amends the items of a DynamoDB table in place',
    calls: [tasks.amend, tasks.adoption],
    callsBack: [tasks.amend],
    indexComparison: indexComparison(tasks, bounds),
    slices: '$.preflight.slices',
    hasModes: false,
    before: (scope) => [new Examine(scope, 'Examination', tasks), new Adoption(scope, 'Adoption', tasks, quiet)],
    after: (scope, otherwise) => [amend(scope, 'target', '$.preflight.slices', otherwise)],
    settle: (scope, otherwise) => amend(scope, 'legacy', '$.slices', otherwise),
  };
}

/** Queries only: the index is filled, and holds what the table says, before the first of them moves. The way back leaves nothing to do. */
export function reindexPhases(tasks: ReindexTasks, bounds: Bounds, built: BuildIndexProps): Phases {
  const { index } = built;
  return {
    comment: 'Reindexes the queries of a DynamoDB table',
    calls: [tasks.buildIndex],
    callsBack: [],
    indexComparison: indexComparison(tasks, bounds),
    slices: '$.preflight.slices',
    hasModes: false,
    before: (scope, _, comparison) => [
      new BuildIndex(scope, 'BuildIndex', tasks.buildIndex, built),
      new IndexProof(scope, 'IndexProof', comparison as sfn.IStateMachine, { index, slices: '$.preflight.slices' }),
    ],
    after: () => [],
  };
}
