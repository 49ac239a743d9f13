import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type ChangeParts, changeSettings, Foundation } from '../change/foundation';
import { StagedChange } from '../change/staged-change';
import { RolloutLedger } from '../ledger/rollout-ledger';
import { keysOf } from '../migration/table-facts';
import { adviseOnRecovery, validateStream } from '../migration/validate-tables';
import { PoisonQueue } from '../replication/poison-queue';
import { Replication } from '../replication/replication';
import { Trigger } from '../safety/trigger';
import { amendmentPhases } from '../workflow/phases';
import { amendmentPlan } from './amendment-plan';
import { AmendmentTasks } from './amendment-tasks';
import type { StagedAmendmentProps } from './staged-amendment-props';
import { validateAmendment } from './validate-amendment';

/**
 * Changes the items of a live DynamoDB table in place, under their keys, in stages, and takes the change back by itself when an alarm
 * or a check says so. No write is lost, forwards or backwards.
 *
 * The client understands items of both forms at any time; a stage decides whose keys are written in the new one. When all are, the
 * items that nobody wrote since follow, each on the condition that it is still as it was read. The way back is one release, after
 * which every item is stored in the old form again. Code that reads or writes the table without the client understands the old form
 * only. The first stage waits until writes without it have ceased; nobody sees readers.
 *
 * Deploying it changes nothing. Start the rollout by starting `stateMachine`.
 */
export class StagedAmendment extends StagedChange {
  /** Batches of the stream that could not be counted for hours. While one is there, no stage passes. */
  readonly givenUpQueue: sqs.IQueue;
  /** @internal */
  readonly _parts: ChangeParts;

  constructor(scope: Construct, id: string, props: StagedAmendmentProps) {
    super(scope, id);
    const { table, stages } = props;
    const owner = `StagedAmendment '${this.node.path}'`;
    const settings = changeSettings(this, owner, props, [Trigger.divergence()]);
    const { risks, timing } = settings;
    validateAmendment(owner, stages, risks);
    validateStream(owner, 'table', table, 'the count of writers without the client');
    const keys = keysOf(owner, 'table', table, props.tableKeys);
    const plan = amendmentPlan(owner, settings.stages, timing, props.earlier ?? []);
    adviseOnRecovery(this, 'table', table);

    const ledger = settings.ledger ?? new RolloutLedger(this, 'Ledger', { logRetention: settings.logRetention });
    const givenUpQueue = new PoisonQueue(this, 'GivenUp', ledger.encryptionKey);
    const tables = { source: table, target: table, sourceKeys: keys, targetKeys: keys };
    const foundation = new Foundation(this, { ...settings, ...tables, plan, ledger, givenUpQueue });
    const tasks = new AmendmentTasks(this, 'Tasks', foundation.tasks);
    const reading = new Replication(this, 'Census', {
      streamArn: table.tableStreamArn as string,
      handler: tasks.census,
      givenUpQueue,
    });
    const bounds = { inFlight: timing.inFlight };
    this._parts = foundation.complete(tasks, amendmentPhases(tasks, bounds, timing.quiet), [reading]);
    this.givenUpQueue = givenUpQueue;
  }
}
