import type { TableFacts } from '../core/control';
import type { Schemas } from '../core/model';
import type { Kind, Side } from '../core/position';

/** What is expected of the tables, as the stack was deployed. */
export interface Expected {
  readonly schemas: Schemas;
  /** ARNs, where streams are read. */
  readonly streams?: Readonly<Record<Side, string>>;
  /** Write units a second over all backfill workers; 0 for no limit. */
  readonly maxWriteUnits: number;
  readonly kind: Kind;
}

/** Everything about the two tables that stands in the way of a rollout, each with what to do. */
export function checkTables(legacy: TableFacts, target: TableFacts, expected: Expected): string[] {
  return [
    ...checkTable(legacy, 'legacy', expected),
    ...(expected.kind === 'rehydrate' ? checkTable(target, 'target', expected) : []),
    ...told(
      !legacy.pointInTimeRecovery && expected.kind !== 'reindex',
      `Point-in-time recovery is off for ${legacy.name}. Switch it on: it is the way out when both sides are wrong.`,
    ),
    ...told(
      target.writeCapacity !== undefined && expected.maxWriteUnits > target.writeCapacity,
      `${target.name} has ${target.writeCapacity} write units a second, less than the backfill's limit of ${expected.maxWriteUnits}. ` +
        'Raise the capacity, switch to on-demand, or lower maxWriteUnits.',
    ),
  ];
}

function checkTable(table: TableFacts, side: Side, { schemas, streams, kind }: Expected): string[] {
  const keys = schemas[side].join(', ');
  return [
    ...told(
      table.timeToLive !== undefined && kind === 'rehydrate',
      `Time-to-live is on for ${table.name} (attribute ${table.timeToLive}). Switch it off until the rollout is complete: each table ` +
        'follows the other for a part of the way, and the follower must not delete by itself.',
    ),
    ...told(!table.active, `Table ${table.name} is not ACTIVE. Wait until its change is done.`),
    ...told(
      table.keys.join(', ') !== keys,
      `Table ${table.name} has the keys ${table.keys.join(', ')}, and the stack was deployed for ${keys}. Deploy again.`,
    ),
    ...told(
      streams !== undefined && table.streamView !== 'NEW_AND_OLD_IMAGES',
      `The stream of ${table.name} is ${table.streamView ?? 'off'}. Set it to NEW_AND_OLD_IMAGES: both images tell what a write was.`,
    ),
    ...told(
      streams !== undefined && table.streamView !== undefined && table.streamArn !== streams[side],
      `The stream of ${table.name} was made anew (${table.streamArn}); the rollout listens to ${streams?.[side]}. Deploy again.`,
    ),
  ];
}

function told(wrong: boolean, text: string): string[] {
  return wrong ? [text] : [];
}
