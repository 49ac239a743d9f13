import type { Duration } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { retryTransient, SHORT } from './retries';
import { forEachSlice, SLICE, sliceDone, untilDone } from './slices';
import { call, RUN } from './states';
import type { ComparingTasks } from './tasks';

const { Condition, JsonPath } = sfn;

/** Passes until it is given up. Each sees only what changed during the one before, so two or three are usual. */
const MAX_PASSES = 5;

/** Bounds of a reconciliation. */
export interface ReconciliationProps {
  /** Time after which no write of a worker can still land. */
  readonly inFlight: Duration;
  /** How many slices: a number, or a path in the state. */
  readonly slices: number;
  /** What follows when no pass was clean. `$.failure` says why. */
  readonly otherwise: sfn.IChainable;
  /**
   * Where nothing may be repaired: what is compared for, such as a stage, and what follows when groups differ for good. Whether they
   * are only told is at `$.observeOnly` then.
   * @default - the target is made equal to up(legacy)
   */
  readonly compareOnly?: CompareOnly;
}

/** A comparison that repairs nothing. */
export interface CompareOnly {
  /** What it is for: names its checkpoints. */
  readonly of: string[];
  /** True where it is the index `$.index` that is compared with its table. */
  readonly isIndex: boolean;
  readonly different: sfn.IChainable;
}

/**
 * Compares both tables by slices, at the cost of one scan of each, until a pass finds nothing to repair; where so much differs
 * that it cannot be listed, item by item. The phase names the generation, so that a rollback does not meet the checkpoints of the
 * run that it takes back.
 */
export class Reconciliation extends sfn.StateMachineFragment {
  readonly startState: sfn.State;
  readonly endStates: sfn.INextable[];

  constructor(scope: Construct, id: string, tasks: ComparingTasks, props: ReconciliationProps) {
    super(scope, id);
    const { slices, compareOnly } = props;
    const repair = compareOnly === undefined;
    const told = repair ? {} : { observeOnly: JsonPath.objectAt('$.observeOnly') };
    const index = compareOnly?.isIndex ? { index: JsonPath.stringAt('$.index') } : {};
    const step = (name: string) => (compareOnly?.isIndex ? { step: name, ...index } : {});
    const purpose = { repair, ...told };
    const first = new sfn.Pass(this, 'First pass', { result: sfn.Result.fromObject({ n: 1 }), resultPath: '$.pass' });
    const next = new sfn.Pass(this, 'Next pass', { parameters: { 'n.$': 'States.MathAdd($.pass.n, 1)' }, resultPath: '$.pass' });
    // Each walk has checkpoints of its own: with those of the sketches a comparison would be done before it began.
    const which = [...(compareOnly?.of ?? []), JsonPath.stringAt('$.generation'), JsonPath.stringAt('$.pass.n')];
    const phaseOf = (what: string) => JsonPath.format([what, ...which.map(() => '{}')].join('-'), ...which);
    const [sketched, compared] = [phaseOf('sketch'), phaseOf(repair ? 'repair' : 'compare')];
    const task = (name: string, fn: lambda.IFunction, payload: { [name: string]: unknown }, resultPath: string) =>
      retryTransient(call(this, name, { fn, payload: { ...RUN, ...payload }, resultPath }), SHORT);
    const plan = task('Plan reconciliation', tasks.planSlices, { slices }, '$.plan');
    const sketch = forEachSlice(this, 'Sketch', {
      more: { phase: sketched, ...index },
      work: this.sketchSlice(tasks, step('sketch')),
    });
    const list = task('List differences', tasks.differences, { phase: sketched, slices, ...purpose, ...step('list') }, '$.sum');
    const compare = forEachSlice(this, 'Reconcile', {
      more: { phase: compared, ...told, ...index },
      work: this.compareSlice(tasks, { ...purpose, ...step('compare') }),
    });
    const sum = task('Sum up', tasks.sumSlices, { phase: compared }, '$.sum');
    const land = new sfn.Wait(this, 'Let repairs land', { time: sfn.WaitTime.duration(props.inFlight) });
    const done = new sfn.Pass(this, 'Reconciled', {
      parameters: { ...RUN, slices },
    });
    first.next(plan).next(sketch).next(list);
    list.next(new sfn.Choice(this, 'Listed?').when(Condition.booleanEquals('$.sum.listed', true), land).otherwise(compare));
    compare.next(sum).next(land);
    const must = ['repaired', 'diverged', 'failed', ...(repair ? [] : ['lagging'])];
    const clean = new sfn.Choice(this, 'Clean?').when(
      Condition.and(...must.map((n) => Condition.numberEquals(`$.sum.${n}`, 0))),
      done,
    );
    if (compareOnly) clean.when(Condition.numberGreaterThanEquals('$.sum.diverged', 1), compareOnly.different);
    land.next(
      clean
        .when(Condition.numberGreaterThanEquals('$.pass.n', MAX_PASSES), this.exhausted(props.otherwise, repair))
        .otherwise(next.next(plan)),
    );
    this.startState = first;
    this.endStates = [done];
  }

  private sketchSlice(tasks: ComparingTasks, step: { [name: string]: unknown }): sfn.State {
    const target = this.side(
      'Sketch target slice',
      'Target sketched?',
      tasks.sketch,
      { side: 'target', ...step },
      this.end('Slice is sketched'),
    );
    return this.side('Sketch legacy slice', 'Legacy sketched?', tasks.sketch, { side: 'legacy', ...step }, target);
  }

  /** Legacy against target finds what is missing or different, target against legacy what is too much. */
  private compareSlice(tasks: ComparingTasks, purpose: { [name: string]: unknown }): sfn.State {
    const end = this.end('Slice is compared');
    const target = this.side('Compare target slice', 'Target compared?', tasks.reconcile, { side: 'target', ...purpose }, end);
    return this.side('Compare legacy slice', 'Legacy compared?', tasks.reconcile, { side: 'legacy', ...purpose }, target);
  }

  private side(name: string, done: string, fn: lambda.IFunction, more: { [name: string]: unknown }, then: sfn.State): sfn.State {
    const payload = { ...RUN, ...SLICE, phase: JsonPath.stringAt('$.phase'), ...more };
    const task = retryTransient(call(this, name, { fn, payload, resultPath: '$.compared' }), SHORT);
    return untilDone(this, done, task, '$.compared', then);
  }

  private end(name: string): sfn.State {
    return sliceDone(this, name);
  }

  private exhausted(otherwise: sfn.IChainable, repair: boolean): sfn.IChainable {
    const why = repair
      ? 'the last one still found differences: {}. Look for writers on the target table.'
      : 'it is not known whether the tables differ: {}. Slices failed, or groups change so fast that neither side was seen to follow the other.';
    return new sfn.Pass(this, 'No pass was clean', {
      parameters: {
        Error: repair ? 'ReconciliationFailed' : 'NotMeasured',
        'Cause.$': `States.Format('After ${MAX_PASSES} passes ${why}', States.JsonToString($.sum))`,
      },
      resultPath: '$.failure',
    }).next(otherwise);
  }
}
