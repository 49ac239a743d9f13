import type { Construct } from 'constructs';
import { type ChangeParts, changeSettings, Foundation } from '../change/foundation';
import { StagedChange } from '../change/staged-change';
import { RolloutLedger } from '../ledger/rollout-ledger';
import { keysOf } from '../migration/table-facts';
import { Trigger } from '../safety/trigger';
import { reindexPhases } from '../workflow/phases';
import { newIndexOf } from './new-index';
import { reindexPlan } from './reindex-plan';
import { ReindexTasks } from './reindex-tasks';
import type { StagedReindexProps } from './staged-reindex-props';
import { checkIndexLater, validateReindex } from './validate-reindex';

/**
 * Moves the queries of an application from one access path of a live DynamoDB table to a new global secondary index, in stages, and takes
 * them back by itself when an alarm or a check says so. Items are neither read nor written by it, but for the comparison of the index with
 * its table.
 *
 * The rollout waits until the index is there and filled, makes sure that it holds what the table says, and moves questions by what they
 * ask for. The way back is one release. When the change is closed the old index may go.
 *
 * Deploying it changes nothing. Start the rollout by starting `stateMachine`.
 */
export class StagedReindex extends StagedChange {
  /** @internal */
  readonly _parts: ChangeParts;

  constructor(scope: Construct, id: string, props: StagedReindexProps) {
    super(scope, id);
    const { table, index, create, drop } = props;
    const owner = `StagedReindex '${this.node.path}'`;
    const settings = changeSettings(this, owner, props, [Trigger.shadowMismatch()]);
    const { risks, timing } = settings;
    validateReindex(owner, props, risks);
    const keys = keysOf(owner, 'table', table, props.tableKeys);
    const plan = reindexPlan(owner, settings.stages, timing);
    checkIndexLater(this, props);

    const ledger = settings.ledger ?? new RolloutLedger(this, 'Ledger', { logRetention: settings.logRetention });
    const tables = { source: table, target: table, sourceKeys: keys, targetKeys: keys };
    const foundation = new Foundation(this, { ...settings, ...tables, plan, index, ledger });
    const tasks = new ReindexTasks(this, 'Tasks', foundation.tasks, { index, isMade: create !== undefined, drop });
    const bounds = { inFlight: timing.inFlight };
    const made = create && newIndexOf(create);
    this._parts = foundation.complete(tasks, reindexPhases(tasks, bounds, { index, ...(made ? { create: made } : {}) }), []);
  }
}
