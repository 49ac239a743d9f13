import { Token, Validations } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import type { IConstruct } from 'constructs';
import type { Gate } from '../gates/gate';
import { refusal } from '../private/refuse';
import { factsOf } from './table-facts';

/** Refuses two tables that are one, and tables without the stream that replication needs. */
export function validateTables(owner: string, source: dynamodb.ITable, target: dynamodb.ITable): void {
  if (source === target || source.node.path === target.node.path || sameName(source, target)) {
    throw refusal(owner, 'target', 'must be another table than source', source.node.path);
  }
  validateStream(owner, 'source', source, 'forward replication');
  validateStream(owner, 'target', target, 'reverse replication');
}

/** Two references to the same table: their ARNs are the same text or the same token. */
function sameName(source: dynamodb.ITable, target: dynamodb.ITable): boolean {
  return source.tableArn === target.tableArn;
}

/** Refuses a table without the stream that `reader` reads. */
export function validateStream(owner: string, prop: string, table: dynamodb.ITable, reader: string): void {
  const needed = `must have a stream with NEW_AND_OLD_IMAGES, which ${reader} reads`;
  const { streamView } = factsOf(table);
  if (!table.tableStreamArn) throw refusal(owner, prop, needed, `${table.node.path} without a stream`);
  if (streamView && streamView !== StreamViewType.NEW_AND_OLD_IMAGES) {
    throw refusal(owner, prop, needed, `${table.node.path} with ${streamView}`);
  }
}

/** Says what preflight would refuse and may still be mended, and what is only advice. Looks late: tables may change until synth. */
export function checkTablesLater(scope: IConstruct, source: dynamodb.ITable, target: dynamodb.ITable): void {
  scope.node.addValidation({
    validate: () => {
      const { timeToLive } = factsOf(target);
      if (!timeToLive) return [];
      return [
        `target expires items by '${timeToLive}' while a copy of each is in source: remove timeToLiveAttribute from target until the rollout is complete`,
      ];
    },
  });
  const { timeToLive } = factsOf(source);
  if (timeToLive) {
    Validations.of(scope).addWarning(
      'cdk-dynamodb-rollout:sourceExpiresItems',
      `source (${source.node.path}) expires items by '${timeToLive}'. Preflight refuses to begin with it: remove timeToLiveAttribute until the rollout is complete.`,
    );
  }
  adviseOnRecovery(scope, 'source', source);
}

/** Refuses gates of indexes that the target does not have. Looks late: indexes may be added until synth. */
export function checkIndexesLater(scope: IConstruct, target: dynamodb.ITable, gates: Gate[]): void {
  scope.node.addValidation({
    validate: () => {
      const { indexes } = factsOf(target);
      const named = gates.flatMap(({ _parts }) => _parts.index?.index ?? []);
      if (!indexes) return [];
      return named
        .filter((index) => !Token.isUnresolved(index) && !indexes.includes(index))
        .map(
          (index) =>
            `Gate.indexCoherence('${index}') names no index of ${target.node.path}: it has ${indexes.join(', ') || 'none'}. Mend the name, or add the index.`,
        );
    },
  });
}

/** Advice: preflight refuses a table that cannot be brought back to a point in time. */
export function adviseOnRecovery(scope: IConstruct, prop: string, table: dynamodb.ITable): void {
  if (factsOf(table).pointInTimeRecovery !== false) return;
  Validations.of(scope).addWarning(
    `cdk-dynamodb-rollout:${prop}WithoutRecovery`,
    `${prop} (${table.node.path}) has no point-in-time recovery. Preflight refuses to begin without it: set pointInTimeRecoverySpecification.`,
  );
}
