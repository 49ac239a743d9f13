/** What an application needs to know to use the client (`cdk-dynamodb-rollout/client`) in this migration. */
export interface ClientConfiguration {
  /** Id of the migration. */
  readonly migration: string;
  /** CloudWatch namespace of the metrics. */
  readonly metricNamespace: string;
  /** Id of the AppConfig application. */
  readonly application: string;
  /** Id of the AppConfig environment. */
  readonly environment: string;
  /** Id of the AppConfig profile that holds the routing table. */
  readonly profile: string;
  /** Name of the legacy table. */
  readonly legacyTable: string;
  /** Name of the target table. */
  readonly targetTable: string;
  /** Key attributes of the legacy table, partition key first. */
  readonly legacyKeys: string[];
  /** Key attributes of the target table, partition key first. */
  readonly targetKeys: string[];
  /** True where both models are in one table. */
  readonly inPlace?: boolean;
  /** True where queries move from one index of the table to another. */
  readonly reindex?: boolean;
  /** Versions of earlier amendments of that table. */
  readonly earlier?: string[];
  /** Seconds that a barrier waits for requests that were sent before it; no call of the client takes longer. */
  readonly inFlight: number;
}

/** The environment variable in which the client looks for its configuration. Contract with `lambda/client`. */
export const CLIENT_VARIABLE = 'ROLLOUT_CLIENT';
