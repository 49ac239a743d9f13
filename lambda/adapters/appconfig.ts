import {
  type AppConfigClient,
  BadRequestException,
  ConflictException,
  CreateHostedConfigurationVersionCommand,
  DeleteHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  type GetDeploymentCommandOutput,
  GetHostedConfigurationVersionCommand,
  ListHostedConfigurationVersionsCommand,
  ResourceNotFoundException,
  StartDeploymentCommand,
  StopDeploymentCommand,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-appconfig';
import type { Deployed, Deployment, DeploymentState, RoutingControl } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';
import { decodeFlag, encodeFlag, type RoutingTable } from '../core/routing-table';

/** Where the routing table is in AppConfig. */
export interface RoutingPlace {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
  /** Id of the strategy that delivers to all at once, without a bake. */
  readonly immediate: string;
  /** ARNs of the trigger alarms, at most five (AWS AppConfig API, UpdateEnvironment). */
  readonly alarms: readonly string[];
  /** Role with which AppConfig reads the alarms; optional. */
  readonly monitorRole?: string;
}

/** The newest hosted versions that are kept: AppConfig keeps only so many of a profile, and a migration makes dozens. */
const KEPT_VERSIONS = 60;

/**
 * AppConfig's control plane. Deployments are counted per environment, and only GetDeployment tells of one in full, so the
 * newest is found by counting on from the number that the ledger's note remembers; a stale or missing note costs calls only.
 */
export class AppConfigControl implements RoutingControl {
  constructor(
    private readonly client: AppConfigClient,
    private readonly place: RoutingPlace,
    private readonly ledger: Pick<Ledger, 'note' | 'saveNote'>,
  ) {}

  async deployed(): Promise<Deployed | undefined> {
    const { highest, newest, complete } = await this.walk();
    if (!complete) return undefined;
    const recent = newest.map(deploymentOf);
    const table = await this.content(Number(complete.ConfigurationVersion));
    const inProgress = recent.find(({ state }) => state === 'progress' || state === 'rolling-back');
    return {
      table,
      deployment: complete.DeploymentNumber as number,
      recent,
      newest: highest,
      ...(inProgress ? { inProgress } : {}),
    };
  }

  async deployment(number: number): Promise<Deployment> {
    const found = await this.get(number);
    if (found) return deploymentOf(found);
    throw new RolloutError(
      'InvalidConfiguration',
      `AppConfig environment ${this.place.environment} has no deployment ${number}. Was the environment made anew during the run?`,
      { deployment: number },
    );
  }

  /** Only as the next one after a known deployment (AWS AppConfig API, StartDeployment, LatestDeploymentNumber). */
  async release(table: RoutingTable, label: string, strategy: 'immediate' | { id: string }, after: number): Promise<number> {
    const version = await this.version(table, label);
    try {
      const started = await this.client.send(
        new StartDeploymentCommand({
          ...this.environment(),
          ConfigurationProfileId: this.place.profile,
          ConfigurationVersion: String(version),
          DeploymentStrategyId: strategy === 'immediate' ? this.place.immediate : strategy.id,
          Description: `Revision ${table.revision} of ${table.run}`,
          ...(after > 0 ? { LatestDeploymentNumber: after } : {}),
        }),
      );
      return started.DeploymentNumber as number;
    } catch (error) {
      if (!(error instanceof ConflictException)) throw error;
      return this.ours(label, after, error);
    }
  }

  /**
   * With AllowRevert also while it bakes; one that completed meanwhile is reverted, which is one legal step back
   * (AWS AppConfig API, StopDeployment: an in-progress deployment becomes ROLLED_BACK, a completed one REVERTED).
   */
  async stop(deployment: number): Promise<void> {
    try {
      await this.client.send(
        new StopDeploymentCommand({ ...this.environment(), DeploymentNumber: deployment, AllowRevert: true }),
      );
    } catch (error) {
      if (!(error instanceof BadRequestException)) throw error;
    }
  }

  arm(): Promise<void> {
    const { alarms, monitorRole } = this.place;
    return this.monitor(alarms.map((AlarmArn) => ({ AlarmArn, ...(monitorRole ? { AlarmRoleArn: monitorRole } : {}) })));
  }

  disarm(): Promise<void> {
    return this.monitor([]);
  }

  private async monitor(Monitors: { AlarmArn: string; AlarmRoleArn?: string }[]): Promise<void> {
    await this.client.send(new UpdateEnvironmentCommand({ ...this.environment(), Monitors }));
  }

  /** Up from the remembered number to the newest deployment, then down to the newest complete one. Newest first. */
  private async walk(): Promise<{
    highest: number;
    newest: GetDeploymentCommandOutput[];
    complete?: GetDeploymentCommandOutput;
  }> {
    const { environment, profile } = this.place;
    const note = await this.ledger.note('routing');
    const known = note?.environment === environment ? (note.deployment as number) : 0;
    const first = Math.max(known, 1);
    const found: GetDeploymentCommandOutput[] = [];
    let highest = first - 1;
    for (let next = await this.get(first); next; next = await this.get(highest + 1)) {
      highest++;
      found.unshift(next);
    }
    if (highest > known) await this.ledger.saveNote('routing', { environment, deployment: highest });
    const isOurs = (deployment: GetDeploymentCommandOutput) => deployment.ConfigurationProfileId === profile;
    const isDelivered = (deployment: GetDeploymentCommandOutput) => isOurs(deployment) && deployment.State === 'COMPLETE';
    for (let below = first - 1; below > 0 && !found.some(isDelivered); below--) {
      const earlier = await this.get(below);
      if (earlier) found.push(earlier);
    }
    const at = found.findIndex(isDelivered);
    const newest = (at < 0 ? found : found.slice(0, at + 1)).filter(isOurs);
    return { highest, newest, complete: found[at] };
  }

  private async get(number: number): Promise<GetDeploymentCommandOutput | undefined> {
    try {
      return await this.client.send(new GetDeploymentCommand({ ...this.environment(), DeploymentNumber: number }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  private async content(version: number): Promise<RoutingTable> {
    const { Content } = await this.client.send(
      new GetHostedConfigurationVersionCommand({ ...this.profile(), VersionNumber: version }),
    );
    return decodeFlag(new TextDecoder().decode(Content));
  }

  /** The hosted version with this label: a new one, or that of an earlier try. */
  private async version(table: RoutingTable, label: string): Promise<number> {
    try {
      const { VersionNumber } = await this.client.send(
        new CreateHostedConfigurationVersionCommand({
          ...this.profile(),
          Content: new TextEncoder().encode(encodeFlag(table)),
          ContentType: 'application/json',
          VersionLabel: label,
        }),
      );
      await this.forget((VersionNumber as number) - KEPT_VERSIONS);
      return VersionNumber as number;
    } catch (error) {
      const earlier = error instanceof ConflictException ? await this.find(label) : undefined;
      if (earlier === undefined) throw error;
      return earlier;
    }
  }

  private async find(label: string): Promise<number | undefined> {
    let NextToken: string | undefined;
    do {
      const page = await this.client.send(
        new ListHostedConfigurationVersionsCommand({ ...this.profile(), VersionLabel: label, NextToken }),
      );
      const found = page.Items?.find(({ VersionLabel }) => VersionLabel === label);
      if (found) return found.VersionNumber;
      NextToken = page.NextToken;
    } while (NextToken);
    return undefined;
  }

  private async forget(version: number): Promise<void> {
    if (version < 1) return;
    try {
      await this.client.send(new DeleteHostedConfigurationVersionCommand({ ...this.profile(), VersionNumber: version }));
    } catch {
      // Tidying up never stops a release; a version that stays only counts towards AppConfig's limit.
    }
  }

  /** After a conflict: the deployment under this label that is in progress, or that a twin has started since `before`. */
  private async ours(label: string, before: number, cause: unknown): Promise<number> {
    const newest = (await this.walk()).newest.map(deploymentOf);
    const ours = newest.find((one) => one.label === label && (one.number > before || one.state === 'progress'));
    if (ours) return ours.number;
    const other = newest[0];
    throw new RolloutError(
      'BarrierNotReached',
      `Release ${label} cannot start: deployment ${other?.number} (${other?.label ?? 'without a label'}, ${other?.state}) ` +
        `is in the way in AppConfig environment ${this.place.environment}. Try again when it is over.`,
      { label, deployment: other?.number },
      cause,
    );
  }

  private environment() {
    return { ApplicationId: this.place.application, EnvironmentId: this.place.environment };
  }

  private profile() {
    return { ApplicationId: this.place.application, ConfigurationProfileId: this.place.profile };
  }
}

/** States: AWS AppConfig API, GetDeployment. What is not known to be over is in progress. */
const STATES: Record<string, DeploymentState> = {
  COMPLETE: 'complete',
  ROLLING_BACK: 'rolling-back',
  ROLLED_BACK: 'reverted',
  REVERTED: 'reverted',
};

function deploymentOf(found: GetDeploymentCommandOutput): Deployment {
  const { DeploymentNumber, State, VersionLabel, EventLog = [], StartedAt, CompletedAt } = found;
  const told = EventLog.find(({ EventType }) => EventType === 'ROLLBACK_STARTED' || EventType === 'REVERT_COMPLETED');
  const times = [StartedAt, CompletedAt, ...EventLog.map(({ OccurredAt }) => OccurredAt)];
  return {
    number: DeploymentNumber as number,
    state: STATES[State as string] ?? 'progress',
    ...(VersionLabel ? { label: VersionLabel } : {}),
    ...(told?.Description ? { reason: told.Description } : {}),
    changedAt: Math.max(0, ...times.map((time) => (time ? time.getTime() : 0))),
  };
}
