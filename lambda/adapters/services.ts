import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { amendedDatabase } from '../core/amendment';
import type { Archive } from '../core/archive';
import type { Clock, RoutingControl } from '../core/control';
import type { Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import type { Plan } from '../core/plan';
import type { Database } from '../core/ports';
import type { Tokens } from '../core/stamp';
import { AppConfigControl } from './appconfig';
import { S3Archive } from './archive';
import { dynamoDatabase } from './dynamodb';
import { callSeconds } from './dynamodb-client';
import { loadPlan, type Settings } from './environment';
import { DynamoLedger } from './ledger';

/** The real clock. */
export const systemClock: Clock = { now: () => Date.now(), sleep: (milliseconds) => sleep(milliseconds) };

/** Tokens that never repeat. */
export const freshTokens: Tokens = () => randomUUID();

/** A client whose requests are over well inside a barrier: a release that was given up must not land later. */
export function appConfigClient(): AppConfigClient {
  return new AppConfigClient({
    maxAttempts: 3,
    requestHandler: { requestTimeout: 5000, connectionTimeout: 1000, throwOnRequestTimeout: true },
  });
}

/** The two tables of this migration, or the one that it shows as two; no call of it outlives a barrier. */
export function databaseOf(client: DynamoDBClient, { tables, schemas }: Settings, model: Model): Database {
  const { kind, earlier = [], inFlight } = loadPlan();
  const database = dynamoDatabase(client, tables, schemas, callSeconds(inFlight));
  return kind === 'amend' ? amendedDatabase(database, { model, earlier }) : database;
}

/** The ledger of this migration. */
export function ledgerOf(client: DynamoDBClient, { ledgerTable, migration }: Settings): Ledger {
  return new DynamoLedger(client, ledgerTable, migration, systemClock.now);
}

/** Where what is too large for the ledger of this migration is kept. */
export function archiveOf(client: S3Client, { archiveBucket, migration }: Settings): Archive {
  return new S3Archive(client, archiveBucket, migration);
}

/** The routing table's control plane of this migration. */
export function controlOf(
  client: AppConfigClient,
  settings: Settings,
  ledger: Pick<Ledger, 'note' | 'saveNote'>,
): RoutingControl {
  const { application, environment, profile, immediateStrategy, monitorAlarmArns, monitorRoleArn } = settings;
  const place = {
    application,
    environment,
    profile,
    immediate: immediateStrategy,
    alarms: monitorAlarmArns,
    monitorRole: monitorRoleArn,
  };
  return new AppConfigControl(client, place, ledger);
}

/** The plan beside the handler, with the ids of the strategies, which are known only when the stack is deployed. */
export function planOf({ stageStrategies }: Settings): Plan {
  const plan = loadPlan();
  return {
    ...plan,
    stages: plan.stages.map((stage, index) => ({ ...stage, strategy: stageStrategies[index] ?? stage.strategy })),
  };
}

/** The same answer at each call; a failure is not remembered. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
