import type { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { retryTransient, SHORT } from './retries';
import { forEachSlice, SLICE, sliceDone, untilDone } from './slices';
import { call, RUN } from './states';
import type { WorkflowTasks } from './tasks';

const { Condition, JsonPath } = sfn;

/** Passes until it is given up. Each sees only what changed during the one before, so two or three are usual. */
const MAX_PASSES = 5;

/** Bounds of a reconciliation. */
export interface ReconciliationProps {
  readonly maxConcurrency: number;
  /** Time after which no write of a worker can still land. */
  readonly inFlight: Duration;
  /** How many slices: a number, or a path in the state. */
  readonly slices: number;
  /** What follows when no pass was clean. `$.failure` says why. */
  readonly otherwise: sfn.IChainable;
}

/**
 * Makes the target equal to up(legacy), both ways and by slices, until a pass finds nothing to repair. The phase names
 * the generation, so that a rollback does not meet the checkpoints of the run that it takes back.
 */
export class Reconciliation extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, tasks: WorkflowTasks, props: ReconciliationProps) {
    super(scope, id);
    const first = new sfn.Pass(this, 'First pass', { result: sfn.Result.fromObject({ n: 1 }), resultPath: '$.pass' });
    const next = new sfn.Pass(this, 'Next pass', { parameters: { 'n.$': 'States.MathAdd($.pass.n, 1)' }, resultPath: '$.pass' });
    const phase = JsonPath.format('repair-{}-{}', JsonPath.stringAt('$.generation'), JsonPath.stringAt('$.pass.n'));
    const plan = call(this, 'Plan reconciliation', {
      fn: tasks.planSlices,
      payload: { ...RUN, phase, slices: props.slices },
      resultPath: '$.plan',
    });
    const map = forEachSlice(this, 'Reconcile', {
      maxConcurrency: props.maxConcurrency,
      more: { phase },
      work: this.slice(tasks),
    });
    const land = new sfn.Wait(this, 'Let repairs land', { time: sfn.WaitTime.duration(props.inFlight) });
    const sum = call(this, 'Sum up', { fn: tasks.sumSlices, payload: { ...RUN, phase }, resultPath: '$.sum' });
    const clean = new sfn.Choice(this, 'Clean?');
    const done = new sfn.Pass(this, 'Reconciled', {
      parameters: { 'run.$': '$.run', 'generation.$': '$.generation' },
    });
    first.next(retryTransient(plan, SHORT)).next(map).next(land).next(retryTransient(sum, SHORT)).next(clean);
    clean
      .when(Condition.and(...['repaired', 'diverged', 'failed'].map((n) => Condition.numberEquals(`$.sum.${n}`, 0))), done)
      .when(Condition.numberGreaterThanEquals('$.pass.n', MAX_PASSES), this.exhausted(props.otherwise))
      .otherwise(next.next(plan));
    this.startState = first;
    this.endStates = [done];
  }

  /** Legacy against target finds what is missing or different, target against legacy what is too much. */
  private slice(tasks: WorkflowTasks): sfn.State {
    const compare = (side: string) =>
      retryTransient(
        call(this, `Compare ${side} slice`, {
          fn: tasks.reconcile,
          payload: { ...RUN, ...SLICE, phase: JsonPath.stringAt('$.phase'), side, repair: true },
          resultPath: '$.compared',
        }),
        SHORT,
      );
    const target = untilDone(this, 'Target compared?', compare('target'), '$.compared', sliceDone(this, 'Slice is compared'));
    return untilDone(this, 'Legacy compared?', compare('legacy'), '$.compared', target);
  }

  private exhausted(otherwise: sfn.IChainable): sfn.IChainable {
    return new sfn.Pass(this, 'No pass was clean', {
      parameters: {
        Error: 'ReconciliationFailed',
        'Cause.$': `States.Format('After ${MAX_PASSES} passes the last one still found differences: {}. Look for writers on the target table.', States.JsonToString($.sum))`,
      },
      resultPath: '$.failure',
    }).next(otherwise);
  }
}
