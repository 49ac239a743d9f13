import { isRolloutError } from '../../lambda/core/errors';
import { type RestorePoint, restorePoint } from '../../lambda/core/restore-point';
import type { Change } from '../operator/change';
import { refused } from '../operator/failure';
import { beginRestore, restored } from '../operator/restore';
import { type Command, text } from './command';

/** Restores the legacy table as it was before a run, under another name. */
export const restore: Command = {
  about: 'restores the legacy table as it was before a run, under a new name',
  options: {
    as: { value: 'TABLE', about: 'name of the new table', required: true },
    run: { value: 'RUN', about: 'the run (default: the last one)' },
    wait: { about: 'waits until the table is there' },
  },
  details:
    'For when both sides are wrong. Nothing is written over and nothing of the old table is touched: you point at the new one.',
  async run(context) {
    const change = await context.change();
    const { legacy } = change.configuration.tables;
    const as = text(context, 'as');
    const point = await pointOf(change, context.options.run as string | undefined);
    await context.confirm(`Restore ${legacy} as it was before run ${point.run} (${point.begun}) into ${as}?`);
    await beginRestore(change.aws.dynamodb, legacy, as, point);
    if (context.options.wait) {
      context.tell(`${as} is being restored; this takes minutes to hours, by the size of the table.`);
      await restored(change.aws.dynamodb, as, context.signal);
    }
    return {
      data: { table: as, active: context.options.wait === true, ...point },
      lines: whatNext(legacy, as, point, context.options.wait === true),
    };
  },
};

async function pointOf({ ledger }: Change, run: string | undefined): Promise<RestorePoint> {
  try {
    return restorePoint(await ledger.events(), run);
  } catch (error) {
    if (isRolloutError(error, 'InvalidDecision')) throw refused(error.message);
    throw error;
  }
}

/**
 * What a restored table does not have (Amazon DynamoDB API Reference, RestoreTableFromBackup and RestoreTableToPointInTime: "You must
 * manually set up the following on the restored table").
 */
function whatNext(legacy: string, as: string, point: RestorePoint, isActive: boolean): string[] {
  const from = point.from === 'backup' ? `from ${point.backup}` : `to ${new Date(point.at).toISOString()}`;
  return [
    `${as} ${isActive ? 'is' : 'is being'} restored ${from}.`,
    'Not restored, to be set again: auto scaling, IAM policies, CloudWatch alarms, tags, the stream, time-to-live, point-in-time recovery, deletion protection.',
    ...(isActive ? [] : [`When it is there:  aws dynamodb wait table-exists --table-name ${as}`]),
    `Then:  aws dynamodb update-continuous-backups --table-name ${as} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
    `       aws dynamodb update-table --table-name ${as} --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES`,
    `Writes to ${legacy} since ${point.begun} are not in it. Compare before you point the application at it: give it the name ${as}, and the`,
    'permissions of the old table; to keep it in CloudFormation, import it (AWS CloudFormation User Guide, "Import existing resources into a stack").',
  ];
}
