import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledgeBelow } from '../private/acknowledge';
import { constructOf } from '../private/grantee';
import type { TrafficShift } from './traffic-shift';

/**
 * Permissions on a `TrafficShift`.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappconfig.html
 */
export class TrafficGrants {
  constructor(
    private readonly traffic: TrafficShift,
    private readonly strategyIds: () => string[],
  ) {}

  /** To receive the routing table, as every client and replicator does. */
  read(grantee: iam.IGrantable): iam.Grant {
    const { environmentId, profileId } = this.traffic;
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
      resourceArns: [this.traffic.arnOf(`environment/${environmentId}/configuration/${profileId}`)],
    });
  }

  /** To see which table is deployed. Deployments and versions are numbers that nobody knows at synth. */
  inspect(grantee: iam.IGrantable): iam.Grant {
    this.acknowledgeNumbers(grantee);
    return iam.Grant.addToPrincipal({
      grantee,
      actions: [
        'appconfig:GetDeployment',
        'appconfig:GetHostedConfigurationVersion',
        'appconfig:ListHostedConfigurationVersions',
      ],
      resourceArns: this.ownArns(),
    });
  }

  /** To see also how the deployments of the environment stand, and which alarms it watches. */
  watch(grantee: iam.IGrantable): iam.Grant {
    return this.inspect(grantee).combine(
      iam.Grant.addToPrincipal({
        grantee,
        actions: ['appconfig:GetEnvironment', 'appconfig:ListDeployments'],
        resourceArns: [this.traffic.arnOf(), this.traffic.arnOf(`environment/${this.traffic.environmentId}`)],
      }),
    );
  }

  /** To release a table, to stop a deployment, and to delete versions that nobody needs any more. */
  release(grantee: iam.IGrantable): iam.Grant {
    const strategies = this.strategyIds().map((id) =>
      Stack.of(this.traffic).formatArn({ service: 'appconfig', resource: 'deploymentstrategy', resourceName: id }),
    );
    return this.inspect(grantee).combine(
      iam.Grant.addToPrincipal({
        grantee,
        actions: [
          'appconfig:CreateHostedConfigurationVersion',
          'appconfig:DeleteHostedConfigurationVersion',
          'appconfig:StartDeployment',
          'appconfig:StopDeployment',
        ],
        resourceArns: [...this.ownArns(), ...strategies],
      }),
    );
  }

  /** To set and remove the alarms that AppConfig monitors. */
  arm(grantee: iam.IGrantable): iam.Grant {
    const { environmentId, monitorRole } = this.traffic;
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['appconfig:UpdateEnvironment'],
      resourceArns: [this.traffic.arnOf(), this.traffic.arnOf(`environment/${environmentId}`)],
    }).combine(
      iam.Grant.addToPrincipal({
        grantee,
        actions: ['iam:PassRole'],
        resourceArns: [monitorRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'appconfig.amazonaws.com' } },
      }),
    );
  }

  private ownArns(): string[] {
    const { environmentId, profileId } = this.traffic;
    return [
      this.traffic.arnOf(),
      this.traffic.arnOf(`environment/${environmentId}`),
      this.traffic.arnOf(`environment/${environmentId}/deployment/*`),
      this.traffic.arnOf(`configurationprofile/${profileId}`),
      this.traffic.arnOf(`configurationprofile/${profileId}/hostedconfigurationversion/*`),
    ];
  }

  private acknowledgeNumbers(grantee: iam.IGrantable): void {
    const scope = constructOf(grantee);
    if (!scope) return;
    const reason = 'Deployments and versions of one profile: their numbers are made at run time.';
    for (const arn of this.ownArns().filter((each) => each.endsWith('*'))) acknowledgeBelow(scope, arn, '', reason);
  }
}
