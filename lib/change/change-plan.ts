import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { allowExecutions, encryptBelow } from '../private/customer-key';
import { refusal, requireBetween } from '../private/refuse';
import { ChangeStep } from '../workflow/change-step';
import { Machine } from '../workflow/machine';
import type { ChangeSet } from './change-set';

/** Properties of a `ChangePlan`. */
export interface ChangePlanProps {
  /** What is changed, in order. One to ten, each change once; the windows of all together last 300 days at most. */
  readonly changes: ChangeSet[];

  /**
   * How long logs are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
}

/** Longest time of all windows, in days: an execution may run for a year (AWS Step Functions Developer Guide, "Quotas"). */
const LONGEST = 300;

/** An execution has 25,000 events at most, and a change takes about 2,000 while its window is open. */
const MOST_CHANGES = 10;

/**
 * Several staged changes, one after the other: each is rolled out by its own workflow, its window passes, it is closed, and only
 * then the next begins. While its window is open a change can be taken back as ever; then the plan ends, and the changes before it
 * stay.
 *
 * Deploying it changes nothing: start `stateMachine`. Started again, after a change was taken back and its cause is mended, it goes on
 * where it was: what is closed stays closed, and what is complete is not rolled out again.
 */
export class ChangePlan extends Construct {
  /** The workflow of the plan. Start it with `{}`. */
  readonly stateMachine: sfn.IStateMachine;
  private readonly keys: kms.IKey[];

  constructor(scope: Construct, id: string, props: ChangePlanProps) {
    super(scope, id);
    const { changes, logRetention = RetentionDays.ONE_MONTH } = props;
    validate(`ChangePlan '${this.node.path}'`, changes);
    const steps = changes.map(({ change }, index) => {
      const { _parts } = change;
      return new ChangeStep(this, `Change${index}`, {
        ...{ name: change.node.id, rollout: _parts.rollout, ending: _parts.ending, close: _parts.close },
      });
    });
    const done = new sfn.Succeed(this, 'All changes are closed');
    this.stateMachine = new Machine(this, 'Machine', {
      definition: steps
        .reduce<sfn.Chain>((chain, step) => chain.next(step), sfn.Chain.start(new sfn.Pass(this, 'Plan')))
        .next(done),
      comment: 'Makes several changes of DynamoDB tables, one after the other',
      logRetention,
      calls: changes.map(({ change }) => change._parts.close),
      runs: changes.flatMap(({ change }) => [change._parts.rollout, change._parts.ending]),
    });
    this.keys = [...new Set(changes.map(({ change }) => change.ledger.encryptionKey))];
    encryptBelow(this, this.keys[0] as kms.IKey);
    for (const key of this.keys) allowExecutions(this.stateMachine, key);
  }

  /** Permission to start the plan and to watch it. */
  grantStart(grantee: iam.IGrantable): iam.Grant {
    const start = this.stateMachine.grantStartExecution(grantee).combine(this.stateMachine.grantRead(grantee));
    return start.combine(allowExecutions(grantee, this.keys[0] as kms.IKey));
  }
}

function validate(owner: string, changes: ChangeSet[]): void {
  requireBetween(owner, 'changes', changes.length, 1, MOST_CHANGES);
  const paths = changes.map(({ change }) => change.node.path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice) throw refusal(owner, 'changes', 'must name each change once: what is closed is not made again', twice);
  const separate = changes.find(({ change }) => change._parts.isSeparate);
  if (separate) {
    const what =
      'must not hold one whose stages are approved by somebody else than who starts it: the plan starts it, and proves nobody';
    throw refusal(owner, 'changes', what, separate.change.node.path);
  }
  const ids = changes.map(({ change }) => change.node.id);
  const alike = ids.find((name, index) => ids.indexOf(name) !== index);
  if (alike) throw refusal(owner, 'changes', 'must have ids that differ: they name the steps of the plan', alike);
  const days = changes.reduce((sum, { _window }) => sum + (_window.isUnresolved() ? 0 : _window.toSeconds() / 86_400), 0);
  requireBetween(owner, 'windows of all changes, in days,', days, 0, LONGEST);
}
