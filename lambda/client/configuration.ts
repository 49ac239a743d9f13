import { RolloutError } from '../core/errors';
import type { KeySchema } from '../core/item';

/** The environment variable that holds the configuration as JSON, unless `connect` is given one. */
export const CONFIGURATION_VARIABLE = 'ROLLOUT_CLIENT';

/** Which tables a migration is about and where its routing table is. `StagedMigration` makes it, as JSON. */
export interface ClientConfiguration {
  /** Name or ARN of the legacy table. */
  readonly legacyTable: string;
  /** Name or ARN of the target table. */
  readonly targetTable: string;
  /** Key attributes of the legacy table, partition key first. */
  readonly legacyKeys: KeySchema;
  /** Key attributes of the target table, partition key first. */
  readonly targetKeys: KeySchema;
  /** Id of the AppConfig application. */
  readonly application: string;
  /** Id of the AppConfig environment. */
  readonly environment: string;
  /** Id of the AppConfig configuration profile. */
  readonly profile: string;
  /** Id of the migration: the dimension of its metrics. */
  readonly migration?: string;
  /** CloudWatch namespace of its metrics. */
  readonly metricNamespace?: string;
  /**
   * True where both models are in one table, `legacyTable` and `targetTable` being the same: a `StagedAmendment`.
   */
  readonly inPlace?: boolean;
  /** True where queries move from one index of the table to another: a `StagedReindex`. */
  readonly reindex?: boolean;
  /** Versions of earlier amendments of that table. */
  readonly earlier?: readonly string[];
  /** Seconds that a barrier waits for requests that were sent before it; no call of the client takes longer. */
  readonly inFlight: number;
}

const TEXTS = ['legacyTable', 'targetTable', 'application', 'environment', 'profile'] as const;
const KEYS = ['legacyKeys', 'targetKeys'] as const;

/**
 * The configuration, checked.
 * @param given the object, or its JSON
 * @throws InvalidConfiguration with every problem found
 */
export function clientConfiguration(given: unknown): ClientConfiguration {
  const value = typeof given === 'string' ? parsed(given) : given;
  if (value === null || typeof value !== 'object') throw invalid([`it is ${value === undefined ? 'not set' : 'no object'}`]);
  const fields = value as Record<string, unknown>;
  const problems = [
    ...TEXTS.filter((name) => !isText(fields[name])).map((name) => `${name} must be a text that is not empty`),
    ...(Number(fields.inFlight) > 0 ? [] : ['inFlight must be a number of seconds above 0']),
    ...KEYS.filter((name) => !isKeySchema(fields[name])).map((name) => `${name} must be a list of one or two attribute names`),
  ];
  if (problems.length > 0) throw invalid(problems);
  return fields as unknown as ClientConfiguration;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(['it is no JSON'], cause);
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isKeySchema(value: unknown): boolean {
  return Array.isArray(value) && (value.length === 1 || value.length === 2) && value.every(isText);
}

function invalid(problems: readonly string[], cause?: unknown): RolloutError {
  return new RolloutError(
    'InvalidConfiguration',
    `The configuration of the rollout client cannot be used: ${problems.join('; ')}. Give \`configuration\` to Rollout.connect, ` +
      `or set the environment variable ${CONFIGURATION_VARIABLE}, to what StagedMigration gives as its client configuration.`,
    { problems },
    cause,
  );
}
