import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type HandlerCompanions, withHandlerCode } from '../private/handler-code';
import { TaskFunction } from '../private/task-function';
import type { Replication } from '../replication/replication';
import type { Replicators } from '../safety/trigger';
import { allow, type TaskResources } from './task-permissions';
import { type Allowance, TASKS, type Task } from './tasks';

/** What the functions of the tasks are made of. */
export interface StageTasksProps extends TaskResources {
  readonly companions: HandlerCompanions;
  readonly environment: { readonly [name: string]: string };
  readonly logRetention: logs.RetentionDays;
  /** Names of those who may approve a stage. */
  readonly approvers: string[];
  /** Whether some stage waits for a certificate of another environment. */
  readonly promoted: boolean;
  /** Whether some step has hooks. */
  readonly hooked: boolean;
  /** Whether some index is compared with its table. */
  readonly indexed: boolean;
  /**
   * What no task of the change is allowed, whatever the task may do elsewhere.
   * @default - nothing
   */
  readonly withheld?: Allowance[];
  /** The key that signs certificates, if there are to be any. */
  readonly certificateKey?: kms.IKey;
}

/** The Lambda functions of every staged change: one for each task, and one for each approver. */
export class StageTaskFunctions extends Construct {
  readonly begin: TaskFunction;
  readonly preflight: TaskFunction;
  readonly planSlices: TaskFunction;
  readonly sumSlices: TaskFunction;
  readonly compatibility: TaskFunction;
  readonly askApproval: TaskFunction;
  readonly window: TaskFunction;
  readonly pause: TaskFunction;
  readonly resume: TaskFunction;
  readonly set: TaskFunction;
  readonly awaitResume: TaskFunction;
  readonly traffic: TaskFunction;
  readonly observe: TaskFunction;
  readonly evidence: TaskFunction;
  readonly finish: TaskFunction;
  readonly takeover: TaskFunction;
  readonly close: TaskFunction;
  readonly seed: TaskFunction;
  readonly sample: TaskFunction;
  readonly brake: TaskFunction;
  /** Only where changes are carried from one table to another. */
  readonly redrive?: TaskFunction;
  /** Only where there are two tables to ask. */
  readonly queries?: TaskFunction;
  /** Only where items change. */
  readonly trace?: TaskFunction;
  /** Only where some index is compared with its table. */
  readonly indexCoherence?: TaskFunction;
  /** Only where some stage waits for a certificate. */
  readonly promotion?: TaskFunction;
  /** Only where some step has hooks. */
  readonly hook?: TaskFunction;
  /** Only where there is a key to sign with. */
  readonly certify?: TaskFunction;
  /** By name of the approver. */
  readonly approve: { readonly [approver: string]: TaskFunction };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: StageTasksProps,
  ) {
    super(scope, id);
    this.begin = this.add('Begin', 'begin');
    this.preflight = this.add('Preflight', 'preflight');
    this.planSlices = this.add('PlanSlices', 'plan-slices');
    this.sumSlices = this.add('SumSlices', 'sum-slices');
    this.compatibility = this.add('Compatibility', 'compatibility');
    this.askApproval = this.add('AskApproval', 'ask-approval');
    this.window = this.add('Window', 'window');
    this.pause = this.add('Pause', 'pause');
    this.resume = this.add('Resume', 'resume');
    this.set = this.add('Set', 'set');
    this.awaitResume = this.add('AwaitResume', 'await-resume');
    this.traffic = this.add('Traffic', 'traffic');
    this.observe = this.add('Observe', 'observe');
    this.evidence = this.add('Evidence', 'evidence');
    this.finish = this.add('Finish', 'finish');
    this.takeover = this.add('Takeover', 'takeover');
    this.close = this.add('Close', 'close');
    this.seed = this.add('Seed', 'seed');
    this.sample = this.add('Sample', 'sample');
    this.brake = this.add('Brake', 'brake');
    if (props.indexed) this.indexCoherence = this.add('IndexCoherence', 'index-coherence');
    if (props.promoted) this.promotion = this.add('Promotion', 'promotion');
    if (props.hooked) this.hook = this.add('Hook', 'hook');
    if (props.certificateKey) this.certify = this.add('Certify', 'certify', { CERTIFICATE_KEY: props.certificateKey.keyArn });
    this.approve = Object.fromEntries(
      props.approvers.map((approver) => [approver, this.add(`Approve-${approver}`, 'approve', { APPROVER: approver })]),
    );
  }

  /** Tells all functions but the replicators, which alarms may be about. */
  tellOfAlarms(variables: { readonly [name: string]: string }, replicators?: Replicators): void {
    const untold: unknown[] = replicators ? [replicators.forward, replicators.reverse] : [];
    for (const fn of this.node.children) {
      if (!(fn instanceof TaskFunction) || untold.includes(fn)) continue;
      for (const [name, value] of Object.entries(variables)) fn.addEnvironment(name, value);
    }
  }

  /** Tells the task that closes a change what reads its streams, and allows it to stop that. */
  allowStopping(reading: Replication[]): void {
    if (reading.length === 0) return;
    const mappings = reading.map(({ mapping }) => mapping);
    this.close.addEnvironment('EVENT_SOURCES', mappings.map(({ eventSourceMappingId }) => eventSourceMappingId).join(','));
    this.close.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        resources: mappings.map(({ eventSourceMappingArn }) => eventSourceMappingArn),
      }),
    );
  }

  /** A function of a task's folder, with what the task is allowed. */
  protected add(id: string, task: Task, more: { [name: string]: string } = {}): TaskFunction {
    const { companions, environment, logRetention, withheld = [] } = this.props;
    const { description, memory, timeout, allows } = TASKS[task];
    const fn = withHandlerCode(this, task, companions, (code) => {
      return new TaskFunction(this, id, {
        ...{ code, description, memorySize: memory, timeout, environment: { ...environment, ...more }, logRetention },
      });
    });
    for (const allowance of allows) if (!withheld.includes(allowance)) allow(fn, allowance, this.props);
    return fn;
  }
}
