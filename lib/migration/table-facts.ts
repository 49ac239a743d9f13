import { Stack, Token } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { refusal } from '../private/refuse';

/** What the template says of a table. Undefined where it cannot be known at synth. */
export interface TableFacts {
  /** Names of the key attributes, partition key first. */
  readonly keys?: string[];
  /** View type of the stream. */
  readonly streamView?: string;
  /** The attribute that items expire by. */
  readonly timeToLive?: string;
  readonly pointInTimeRecovery?: boolean;
  /** Names of the global secondary indexes. */
  readonly indexes?: string[];
  /** True where all of the template is at hand. */
  readonly known: boolean;
}

/** Reads the L1 construct behind a table of the app; knows nothing of imported ones. */
export function factsOf(table: dynamodb.ITable): TableFacts {
  const cfn = table.node.defaultChild;
  if (!(cfn instanceof dynamodb.CfnTable || cfn instanceof dynamodb.CfnGlobalTable)) return { known: false };
  const read = <T>(value: unknown): T | undefined => {
    const resolved = Stack.of(table).resolve(value);
    return resolved === undefined || Token.isUnresolved(resolved) ? undefined : (resolved as T);
  };
  const schema = read<dynamodb.CfnTable.KeySchemaProperty[]>(cfn.keySchema) ?? [];
  const ordered = [...schema].sort((a, b) => a.keyType.localeCompare(b.keyType));
  const ttl = read<{ enabled: boolean; attributeName?: string }>(cfn.timeToLiveSpecification);
  return {
    known: true,
    keys: ordered.length > 0 ? ordered.map(({ attributeName }) => attributeName) : undefined,
    streamView: read<{ streamViewType?: string }>(cfn.streamSpecification)?.streamViewType,
    timeToLive: ttl?.enabled ? ttl.attributeName : undefined,
    pointInTimeRecovery: recoveryOf(cfn, read),
    indexes: (read<{ indexName: string }[]>(cfn.globalSecondaryIndexes) ?? []).map(({ indexName }) => indexName),
  };
}

function recoveryOf(
  cfn: dynamodb.CfnTable | dynamodb.CfnGlobalTable,
  read: <T>(value: unknown) => T | undefined,
): boolean | undefined {
  type Recovery = { pointInTimeRecoveryEnabled?: boolean };
  if (cfn instanceof dynamodb.CfnTable) {
    return read<Recovery>(cfn.pointInTimeRecoverySpecification)?.pointInTimeRecoveryEnabled ?? false;
  }
  const replicas = read<{ pointInTimeRecoverySpecification?: Recovery }[]>(cfn.replicas) ?? [];
  return replicas[0]?.pointInTimeRecoverySpecification?.pointInTimeRecoveryEnabled ?? false;
}

/** The key attributes of a table: those of the template, or those that the user gave. @throws when neither is there */
export function keysOf(owner: string, prop: string, table: dynamodb.ITable, given?: string[]): string[] {
  const keys = given ?? factsOf(table).keys;
  const keysProp = `${prop}Keys`;
  if (!keys) {
    throw refusal(
      owner,
      keysProp,
      `must name the key attributes of ${prop}, partition key first: it is imported, so they are not known`,
    );
  }
  if (keys.length < 1 || keys.length > 2 || keys.some((key) => key === '')) {
    throw refusal(owner, keysProp, 'must hold the partition key and, if there is one, the sort key', keys);
  }
  return keys;
}
