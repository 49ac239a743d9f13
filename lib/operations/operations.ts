import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { type OperatorConfiguration, parameterOf } from '../../lambda/core/operator-configuration';
import { type Manifest, writeManifest } from './manifest';

/** What `Operations` tells of a change. */
export interface OperationsProps {
  readonly configuration: OperatorConfiguration;
  readonly manifest: () => Manifest;
}

/** Where an operator finds a change: its configuration in the Parameter Store, and its manifest in the cloud assembly. */
export class Operations extends Construct {
  /** The parameter; JSON. */
  readonly parameter: ssm.IStringParameter;

  constructor(scope: Construct, id: string, { configuration, manifest }: OperationsProps) {
    super(scope, id);
    this.parameter = new ssm.StringParameter(this, 'Configuration', {
      parameterName: parameterOf(configuration.migration),
      description: `What the command line needs to know of the change ${configuration.migration}`,
      stringValue: Stack.of(this).toJsonString(configuration),
      // Over 4 KB, as with fifteen alarms, a parameter has to be advanced (AWS Systems Manager User Guide, "Managing parameter tiers").
      tier: ssm.ParameterTier.INTELLIGENT_TIERING,
    });
    writeManifest(scope, manifest);
  }
}
