import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge';

/** What differs from task to task. */
export interface TaskFunctionProps {
  readonly code: lambda.Code;
  readonly description: string;
  /** Memory in MiB; the processor grows with it. */
  readonly memorySize: number;
  readonly timeout: Duration;
  readonly environment: { readonly [name: string]: string };
  readonly logRetention: logs.RetentionDays;
}

/** A Lambda function of a migration: Node.js on Graviton, traced, logs with an end, and a role that holds nothing yet. */
export class TaskFunction extends lambda.Function {
  constructor(scope: Construct, id: string, props: TaskFunctionProps) {
    const logGroup = new logs.LogGroup(scope, `${id}Logs`, {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(scope, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      code: props.code,
      description: props.description,
      memorySize: props.memorySize,
      timeout: props.timeout,
      environment: { ...props.environment },
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      tracing: lambda.Tracing.ACTIVE,
      logGroup,
      role,
    });
    acknowledgeWildcard(
      role,
      'Resource::*',
      'X-Ray, CloudWatch alarm descriptions and metric data have no permissions per resource.',
    );
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'The bundled handlers are built and tested for Node.js 22, which Lambda supports.',
    });
  }
}
