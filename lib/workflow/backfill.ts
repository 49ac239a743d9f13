import type { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { retryTransient, SHORT } from './retries';
import { forEachSlice, SLICE, sliceDone, untilDone } from './slices';
import { call, RUN } from './states';
import type { WorkflowTasks } from './tasks';

/** Bounds of a backfill. */
export interface BackfillProps {
  /** Time after which no write of a worker can still land. */
  readonly inFlight: Duration;
}

/** Copies the legacy table by slices, and waits until nothing of it is in flight. */
export class Backfill extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, tasks: WorkflowTasks, props: BackfillProps) {
    super(scope, id);
    const plan = call(this, 'Plan backfill', {
      fn: tasks.planSlices,
      payload: { ...RUN, phase: 'backfill', slices: sfn.JsonPath.numberAt('$.preflight.slices') },
      resultPath: '$.plan',
    });
    const copy = call(this, 'Copy slice', { fn: tasks.backfill, payload: { ...RUN, ...SLICE }, resultPath: '$.copied' });
    retryTransient(copy, SHORT);
    const work = untilDone(this, 'Slice copied?', copy, '$.copied', sliceDone(this, 'Slice is copied'));
    const backfill = forEachSlice(this, 'Backfill', { work });
    const land = new sfn.Wait(this, 'Let writes land', { time: sfn.WaitTime.duration(props.inFlight) });
    retryTransient(plan, SHORT).next(backfill).next(land);
    this.startState = plan;
    this.endStates = [land];
  }
}
