import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { RUN } from './states';

/** What is done with each slice. */
export interface SlicesProps {
  /** What each child execution knows besides the run and its slice. */
  readonly more?: { readonly [name: string]: unknown };
  /** What each child execution does. */
  readonly work: sfn.IChainable;
}

/**
 * A child execution for each of `$.plan.items`, as many at a time as the plan says: an operator may have set that. One that fails ends them all: none is tolerated by default. Children answer nothing: a thousand
 * answers would not fit into the state.
 */
export function forEachSlice(scope: Construct, id: string, props: SlicesProps): sfn.DistributedMap {
  const map = new sfn.DistributedMap(scope, id, {
    itemsPath: '$.plan.items',
    itemSelector: {
      ...RUN,
      ...props.more,
      slice: sfn.JsonPath.numberAt('$$.Map.Item.Value.slice'),
      slices: sfn.JsonPath.numberAt('$$.Map.Item.Value.slices'),
      workers: sfn.JsonPath.numberAt('$.plan.maxConcurrency'),
    },
    maxConcurrencyPath: '$.plan.maxConcurrency',
    mapExecutionType: sfn.StateMachineType.STANDARD,
    resultPath: sfn.JsonPath.DISCARD,
  });
  return map.itemProcessor(props.work);
}

/** The slice of a child execution. */
export const SLICE = { slice: sfn.JsonPath.numberAt('$.slice'), slices: sfn.JsonPath.numberAt('$.slices') };

/** Repeats a task that is bounded in time until it says that its slice is done. */
export function untilDone(
  scope: Construct,
  id: string,
  task: sfn.TaskStateBase,
  resultPath: string,
  then: sfn.IChainable,
): sfn.State {
  const done = new sfn.Choice(scope, id);
  task.next(done);
  done.when(sfn.Condition.booleanEquals(`${resultPath}.done`, true), then).otherwise(task);
  return task;
}

/** The end of a child execution, without an answer. */
export function sliceDone(scope: Construct, id: string): sfn.State {
  return new sfn.Succeed(scope, id, { outputPath: sfn.JsonPath.DISCARD });
}
