import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

/**
 * Seconds after which a call of `dynamoDatabase` is over, whatever happens, unless it was given others: no request of it
 * is sent or waited for any longer. Barriers and the last moments of a worker rely on it; what DynamoDB itself still does with a request that it
 * has taken comes on top (it settles a transaction that was left unfinished after about five seconds; Amazon DynamoDB
 * API, TransactionInProgressException).
 */
export const CALL_SECONDS = 8;

/** Seconds that one call may take where a barrier waits `inFlight` seconds for what was sent before it. */
export function callSeconds(inFlight: number): number {
  return Math.min(CALL_SECONDS, inFlight);
}

/** Milliseconds for one request to be answered, and for its connection. */
const REQUEST_TIMEOUT = 3000;
const CONNECTION_TIMEOUT = 1000;
/** Requests of one call at most, the first one included. */
const ATTEMPTS = 6;

/**
 * A client that gives a request up early and tries again: answers of DynamoDB take milliseconds, and a request that has
 * been out for long must not land after a barrier. The whole call is bounded by `CALL_SECONDS` where `dynamoDatabase`
 * makes it; elsewhere by `ATTEMPTS` times both time-outs and the pauses between.
 * Retries: AWS SDKs and Tools Reference Guide, "Retry behavior", adaptive mode.
 */
export function dynamoClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    retryMode: 'adaptive',
    maxAttempts: ATTEMPTS,
    requestHandler: {
      requestTimeout: REQUEST_TIMEOUT,
      connectionTimeout: CONNECTION_TIMEOUT,
      throwOnRequestTimeout: true,
    },
    ...config,
  });
}

/** The time of one call: goes with each of its requests, and decides whether there is time for one more. */
export class Deadline {
  readonly abortSignal: AbortSignal;
  private readonly endsAt: number;

  constructor(private readonly seconds: number) {
    this.abortSignal = AbortSignal.timeout(seconds * 1000);
    this.endsAt = performance.now() + seconds * 1000;
  }

  /** Waits before the next attempt, longer each time, with jitter. @throws ProvisionedThroughputExceededException when the time is up */
  async pause(attempt: number, what: string): Promise<void> {
    const milliseconds = (0.5 + Math.random() / 2) * Math.min(2000, 25 * 2 ** attempt);
    if (performance.now() + milliseconds >= this.endsAt) throw throttled(what, attempt, this.seconds);
    await sleep(milliseconds);
  }
}

function throttled(what: string, attempts: number, seconds: number): Error {
  const error = new Error(
    `${what} was throttled ${attempts} times in ${seconds} seconds. It is tried again; give the table more capacity, or the rollout less speed.`,
  );
  error.name = 'ProvisionedThroughputExceededException';
  return error;
}
