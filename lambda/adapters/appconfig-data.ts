import {
  AppConfigDataClient,
  type AppConfigDataClientConfig,
  AppConfigDataServiceException,
  BadRequestException,
  GetLatestConfigurationCommand,
  type GetLatestConfigurationCommandOutput,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import type { PollRouting } from '../core/routing-source';

/** Where AppConfig keeps the routing table: ids (or names) of its application, environment and configuration profile. */
export interface RoutingLocation {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/** The shortest interval that a session may ask for, in seconds. AWS AppConfig Data API, StartConfigurationSession. */
const SHORTEST_POLL = 15;

/**
 * A client whose requests are over within about three seconds. It does not repeat a request by itself, because that would
 * use a token twice; a client of your own must not either (`maxAttempts: 1`).
 */
export function appConfigDataClient(config: AppConfigDataClientConfig = {}): AppConfigDataClient {
  return new AppConfigDataClient({
    maxAttempts: 1,
    requestHandler: { requestTimeout: 2000, connectionTimeout: 1000, throwOnRequestTimeout: true },
    ...config,
  });
}

/**
 * Asks AppConfig for the routing table: a session, then one question after the other, each with the token that the last
 * answer gave. A token is good once and for 24 hours (AWS AppConfig Data API, GetLatestConfiguration), and an answer that
 * was lost on its way may have held a new table. So a token is never used again: when AppConfig refuses it (too old, or
 * asked again too early), or after any failure, a new session begins, whose first answer holds the table again.
 *
 * One question at a time: `RoutingSource` sees to that.
 */
export function pollRouting(client: AppConfigDataClient, location: RoutingLocation): PollRouting {
  let token: string | undefined;
  return async () => {
    const known = token;
    token = undefined;
    const next = known === undefined ? undefined : await followUp(client, known);
    const answer = next ?? (await latest(client, await begin(client, location)));
    token = answer.NextPollConfigurationToken;
    const text = Buffer.from(answer.Configuration ?? []).toString('utf8');
    // "Nothing new" in a session that has told nothing before says nothing of the table that we hold.
    return text === '' && next ? undefined : text;
  };
}

/**
 * The next answer of a session, or undefined when AppConfig refuses its token or the connection broke: a process that was
 * frozen finds its connections closed. Throttling and failures of the service are thrown, not met with more requests.
 */
async function followUp(client: AppConfigDataClient, token: string): Promise<GetLatestConfigurationCommandOutput | undefined> {
  try {
    return await latest(client, token);
  } catch (error) {
    const answered = error instanceof AppConfigDataServiceException;
    if (!answered || error instanceof BadRequestException) return undefined;
    throw error;
  }
}

function latest(client: AppConfigDataClient, token: string | undefined): Promise<GetLatestConfigurationCommandOutput> {
  return client.send(new GetLatestConfigurationCommand({ ConfigurationToken: token }));
}

async function begin(client: AppConfigDataClient, location: RoutingLocation): Promise<string | undefined> {
  const { InitialConfigurationToken } = await client.send(
    new StartConfigurationSessionCommand({
      ApplicationIdentifier: location.application,
      EnvironmentIdentifier: location.environment,
      ConfigurationProfileIdentifier: location.profile,
      RequiredMinimumPollIntervalInSeconds: SHORTEST_POLL,
    }),
  );
  return InitialConfigurationToken;
}
