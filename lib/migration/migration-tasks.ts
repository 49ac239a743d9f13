import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type HandlerCompanions, withHandlerCode } from '../private/handler-code';
import { TaskFunction } from '../private/task-function';
import { allow, type TaskResources } from './task-permissions';
import { TASKS, type Task } from './tasks';

/** What a `MigrationTasks` needs. */
export interface MigrationTasksProps extends TaskResources {
  readonly companions: HandlerCompanions;
  readonly environment: { readonly [name: string]: string };
  readonly logRetention: logs.RetentionDays;
  /** Names of those who may approve a stage. */
  readonly approvers: string[];
}

/** The Lambda functions of a migration: one for each task, two for replication, and one for each approver. */
export class MigrationTasks extends Construct {
  readonly begin: TaskFunction;
  readonly preflight: TaskFunction;
  readonly prove: TaskFunction;
  readonly planSlices: TaskFunction;
  readonly backfill: TaskFunction;
  readonly sketch: TaskFunction;
  readonly differences: TaskFunction;
  readonly reconcile: TaskFunction;
  readonly sumSlices: TaskFunction;
  readonly compatibility: TaskFunction;
  readonly askApproval: TaskFunction;
  readonly window: TaskFunction;
  readonly pause: TaskFunction;
  readonly resume: TaskFunction;
  readonly awaitResume: TaskFunction;
  readonly traffic: TaskFunction;
  readonly observe: TaskFunction;
  readonly evidence: TaskFunction;
  readonly finish: TaskFunction;
  readonly takeover: TaskFunction;
  readonly seed: TaskFunction;
  readonly forward: TaskFunction;
  readonly reverse: TaskFunction;
  readonly redrive: TaskFunction;
  readonly sample: TaskFunction;
  readonly brake: TaskFunction;
  /** By name of the approver. */
  readonly approve: { readonly [approver: string]: TaskFunction };

  constructor(scope: Construct, id: string, props: MigrationTasksProps) {
    super(scope, id);
    const add = (name: string, task: Task, more?: { [name: string]: string }) => this.add(props, name, task, more);
    this.begin = add('Begin', 'begin');
    this.preflight = add('Preflight', 'preflight');
    this.prove = add('Prove', 'prove');
    this.planSlices = add('PlanSlices', 'plan-slices');
    this.backfill = add('Backfill', 'backfill');
    this.sketch = add('Sketch', 'sketch');
    this.differences = add('Differences', 'differences');
    this.reconcile = add('Reconcile', 'reconcile');
    this.sumSlices = add('SumSlices', 'sum-slices');
    this.compatibility = add('Compatibility', 'compatibility');
    this.askApproval = add('AskApproval', 'ask-approval');
    this.window = add('Window', 'window');
    this.pause = add('Pause', 'pause');
    this.resume = add('Resume', 'resume');
    this.awaitResume = add('AwaitResume', 'await-resume');
    this.traffic = add('Traffic', 'traffic');
    this.observe = add('Observe', 'observe');
    this.evidence = add('Evidence', 'evidence');
    this.finish = add('Finish', 'finish');
    this.takeover = add('Takeover', 'takeover');
    this.seed = add('Seed', 'seed');
    this.forward = add('Forward', 'replicate', { DIRECTION: 'forward' });
    this.reverse = add('Reverse', 'replicate', { DIRECTION: 'reverse' });
    this.redrive = add('Redrive', 'redrive');
    this.sample = add('Sample', 'sample');
    this.brake = add('Brake', 'brake');
    this.approve = Object.fromEntries(
      props.approvers.map((approver) => [approver, add(`Approve-${approver}`, 'approve', { APPROVER: approver })]),
    );
  }

  /** Tells all functions but the replicators, which alarms may be about. */
  tellOfAlarms(variables: { readonly [name: string]: string }): void {
    const told = this.node.children.filter((child): child is TaskFunction => child instanceof TaskFunction);
    for (const fn of told.filter((each) => each !== this.forward && each !== this.reverse)) {
      for (const [name, value] of Object.entries(variables)) fn.addEnvironment(name, value);
    }
  }

  private add(props: MigrationTasksProps, id: string, task: Task, more: { [name: string]: string } = {}): TaskFunction {
    const { description, memory, timeout, allows } = TASKS[task];
    const fn = withHandlerCode(this, task, props.companions, (code) => {
      const environment = { ...props.environment, ...more };
      return new TaskFunction(this, id, {
        ...{ code, description, memorySize: memory, timeout, environment, logRetention: props.logRetention },
      });
    });
    for (const allowance of allows) allow(fn, allowance, props);
    return fn;
  }
}
