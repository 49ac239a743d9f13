import { Stack } from 'aws-cdk-lib';
import * as appconfig from 'aws-cdk-lib/aws-appconfig';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../private/acknowledge';
import { Deployment } from './deployment';
import { TrafficGrants } from './traffic-grants';

/** Properties of a `TrafficShift`. */
export interface TrafficShiftProps {
  /**
   * The ways in which routing tables are deployed. Equal ones share one deployment strategy.
   * @default - only the immediate one
   */
  readonly deployments?: Deployment[];
}

/**
 * The AWS AppConfig pieces that bring a routing table to every client: application, environment, feature-flag profile
 * and deployment strategies.
 *
 * The environment has no monitors in the template. The rollout sets them when it begins and takes them away for the
 * way back, because AppConfig would revert the way back too while an alarm stands. A change to the environment in the
 * template during a run would remove them, so there is nothing in it that changes.
 *
 * Versions of the profile and deployments are made at run time only; the template never holds a routing table.
 */
export class TrafficShift extends Construct {
  /** Id of the AppConfig application. */
  readonly applicationId: string;
  /** Id of the AppConfig environment. */
  readonly environmentId: string;
  /** Id of the feature-flag profile that holds the routing table. */
  readonly profileId: string;
  /** Id of the strategy that deploys at once. */
  readonly immediateStrategyId: string;
  /** The role with which AppConfig reads the alarms that it monitors. */
  readonly monitorRole: iam.IRole;
  /** Permissions on these pieces. */
  readonly grants: TrafficGrants;
  private readonly strategies = new Map<string, string>();

  constructor(scope: Construct, id: string, props: TrafficShiftProps = {}) {
    super(scope, id);
    const application = new appconfig.Application(this, 'Application');
    this.applicationId = application.applicationId;
    this.environmentId = new appconfig.CfnEnvironment(this, 'Environment', {
      applicationId: this.applicationId,
      name: 'routing',
      description: 'Monitors are set by the rollout at run time',
    }).ref;
    this.profileId = new appconfig.CfnConfigurationProfile(this, 'Profile', {
      applicationId: this.applicationId,
      name: 'routing',
      type: 'AWS.AppConfig.FeatureFlags',
      locationUri: 'hosted',
    }).ref;
    this.immediateStrategyId = this.addStrategy('Immediate', Deployment.immediate());
    for (const deployment of props.deployments ?? []) this.strategyIdOf(deployment);
    this.monitorRole = this.createMonitorRole();
    this.grants = new TrafficGrants(this, () => [this.immediateStrategyId, ...this.strategies.values()]);
  }

  /** The id of the AppConfig strategy for a deployment; equal deployments share one. */
  strategyIdOf(deployment: Deployment): string {
    if (deployment.key === Deployment.immediate().key) return this.immediateStrategyId;
    return this.strategies.get(deployment.key) ?? this.addStrategy(deployment.key, deployment);
  }

  /** ARN of something in the application, such as `environment/<id>`; the application's own without an argument. */
  arnOf(resource = ''): string {
    const resourceName = resource ? `${this.applicationId}/${resource}` : this.applicationId;
    return Stack.of(this).formatArn({ service: 'appconfig', resource: 'application', resourceName });
  }

  /** AppConfig's own bake stays at zero: the rollout bakes after the deployment, for as long as a stage says. */
  private addStrategy(key: string, deployment: Deployment): string {
    const strategy = new appconfig.CfnDeploymentStrategy(this, `Strategy-${key}`, {
      name: `${this.node.addr.slice(-12)}-${key}`,
      deploymentDurationInMinutes: deployment.duration.toMinutes(),
      growthType: deployment.growthType,
      growthFactor: deployment.growth,
      finalBakeTimeInMinutes: 0,
      replicateTo: 'NONE',
    });
    this.strategies.set(deployment.key, strategy.ref);
    return strategy.ref;
  }

  private createMonitorRole(): iam.IRole {
    const role = new iam.Role(this, 'MonitorRole', { assumedBy: new iam.ServicePrincipal('appconfig.amazonaws.com') });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
    acknowledgeWildcard(role, 'Resource::*', 'AppConfig asks for DescribeAlarms on all alarms (AppConfig User Guide, monitors).');
    return role;
  }
}
