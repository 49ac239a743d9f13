import type { Duration } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { retryTransient, SHORT } from './retries';
import { forEachSlice, SLICE, sliceDone, untilDone } from './slices';
import { call, RUN } from './states';
import type { AmendTasks } from './tasks';

const { Condition, JsonPath } = sfn;

/** Passes until it is given up. A scan may miss what was just written, and a client may be quicker: the next pass sees it. */
const MAX_PASSES = 5;

/** Bounds of an `Amend`. */
export interface AmendProps {
  /** Time after which no write of a worker can still land. */
  readonly inFlight: Duration;
  /** How many slices: a path in the state. */
  readonly slices: number;
  /** The form in which all items are to be stored: `target` the new one, `legacy` the old one. */
  readonly form: 'legacy' | 'target';
  /** What follows when no pass was clean. `$.failure` says why. */
  readonly otherwise: sfn.IChainable;
}

/** Looks by slices whether every item of the table can be kept in the new form, before any is stored in it. */
export class Examine extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, tasks: AmendTasks) {
    super(scope, id);
    const plan = call(this, 'Plan examination', {
      fn: tasks.planSlices,
      payload: { ...RUN, slices: JsonPath.numberAt('$.preflight.slices') },
      resultPath: '$.plan',
    });
    const phase = JsonPath.format('examine-{}', JsonPath.stringAt('$.generation'));
    const work = sliceOf(this, tasks, 'Examine slice', 'none');
    const examine = forEachSlice(this, 'Examine', { more: { phase }, work });
    retryTransient(plan, SHORT).next(examine);
    this.startState = plan;
    this.endStates = [examine];
  }
}

/** Stores every item of the table in one form, by slices, until a pass finds none in the other. */
export class Amend extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, tasks: AmendTasks, { form, slices, inFlight, otherwise }: AmendProps) {
    super(scope, id);
    const first = new sfn.Pass(this, 'First pass', { result: sfn.Result.fromObject({ n: 1 }), resultPath: '$.pass' });
    const next = new sfn.Pass(this, 'Next pass', { parameters: { 'n.$': 'States.MathAdd($.pass.n, 1)' }, resultPath: '$.pass' });
    const phase = JsonPath.format(`${form}-{}-{}`, JsonPath.stringAt('$.generation'), JsonPath.stringAt('$.pass.n'));
    const plan = call(this, 'Plan pass', { fn: tasks.planSlices, payload: { ...RUN, slices }, resultPath: '$.plan' });
    const work = sliceOf(this, tasks, 'Store slice', form);
    const store = forEachSlice(this, form === 'target' ? 'Store the new form' : 'Store the old form', {
      more: { phase },
      work,
    });
    const sum = call(this, 'Sum up', { fn: tasks.sumSlices, payload: { ...RUN, phase }, resultPath: '$.sum' });
    const land = new sfn.Wait(this, 'Let writes land', { time: sfn.WaitTime.duration(inFlight) });
    const done = new sfn.Pass(this, 'Stored', { parameters: { ...RUN, slices } });
    const exhausted = new sfn.Pass(this, 'No pass was clean', {
      parameters: {
        Error: 'ReconciliationFailed',
        'Cause.$': `States.Format('After ${MAX_PASSES} passes items are still stored in the other form: {}. Look for writers that do not use the client.', States.JsonToString($.sum))`,
      },
      resultPath: '$.failure',
    });
    const isClean = Condition.and(...['repaired', 'failed'].map((n) => Condition.numberEquals(`$.sum.${n}`, 0)));
    first.next(retryTransient(plan, SHORT)).next(store).next(retryTransient(sum, SHORT)).next(land);
    land.next(
      new sfn.Choice(this, 'Clean?')
        .when(isClean, done)
        .when(Condition.numberGreaterThanEquals('$.pass.n', MAX_PASSES), exhausted.next(otherwise))
        .otherwise(next.next(plan)),
    );
    this.startState = first;
    this.endStates = [done];
  }
}

function sliceOf(scope: Construct, tasks: AmendTasks, name: string, form: string): sfn.State {
  const payload = { ...RUN, ...SLICE, phase: JsonPath.stringAt('$.phase'), form };
  const task = retryTransient(call(scope, name, { fn: tasks.amend, payload, resultPath: '$.stored' }), SHORT);
  return untilDone(scope, `${name} again?`, task, '$.stored', sliceDone(scope, `${name} is done`));
}
