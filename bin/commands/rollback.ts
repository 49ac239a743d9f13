import type { RollbackMode } from '../../lambda/core/ledger';
import { isAsHard } from '../../lambda/core/rollback';
import { isAllLegacy } from '../../lambda/core/routing-table';
import type { Change } from '../operator/change';
import { misused, refused } from '../operator/failure';
import { type Command, type Context, REASON, text } from './command';

/** Takes traffic back. */
export const rollback: Command = {
  about: 'takes traffic back to the legacy side',
  options: {
    soft: { about: 'one position at a time; no reader or writer notices' },
    hard: { about: 'for a target that is wrong: writes to its keys are refused until they have drained' },
    immediate: {
      about: 'with --hard, for a target that is down: at once, without waiting; late writes are merged or kept in the ledger',
    },
    reason: REASON,
  },
  details: 'It takes over whatever runs, and needs nothing of it to be alive. Then: status --watch.',
  async run(context) {
    const mode = modeOf(context);
    const change = await context.change();
    await requireSomething(change, mode);
    const { migration, workflows } = change.configuration;
    await context.confirm(`Take ${migration} back (${mode})?`);
    const statement = await change.statement(text(context, 'reason'), 'rollback');
    const execution = await change.start(workflows.rollback, undefined, { ...statement, mode });
    return {
      data: { execution, mode },
      lines: [`The ${mode} rollback has started. Watch it: cdk-dynamodb-rollout status --watch`],
    };
  },
};

function modeOf({ options: { soft, hard, immediate } }: Context): RollbackMode {
  if (soft && !hard && !immediate) return 'soft';
  if (hard && !soft) return immediate ? 'immediate' : 'fenced';
  throw misused('Say how: --soft, --hard, or --hard --immediate. See: cdk-dynamodb-rollout rollback --help');
}

/** Refuses where there is nothing to take back, or where somebody does already. */
async function requireSomething(change: Change, mode: RollbackMode): Promise<void> {
  const { ledger } = change;
  const lease = await ledger.lease();
  if (lease && isAsHard(lease, mode) && (await isRunning(change, lease.holder))) {
    throw refused(`A ${lease.mode} rollback is at work since ${lease.since}. Watch it: status --watch. Nothing was changed.`);
  }
  if (lease) return;
  if ((await ledger.vacancy())?.closed) throw refused('The change is closed, and the way back with it. Nothing was changed.');
  const deployed = await change.deployed();
  if (deployed && (!isAllLegacy(deployed.table) || deployed.inProgress || deployed.table.salvage)) return;
  throw refused('There is nothing to take back: every key is in legacy, and nothing runs. Nothing was changed.');
}

async function isRunning(change: Change, execution: string): Promise<boolean> {
  return (await change.execution(execution)).status === 'RUNNING';
}
