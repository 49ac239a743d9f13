import { Stack, Validations } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/**
 * Says why a wildcard is there, for cdk-nag and its like. `finding` is how cdk-nag names it, such as `Resource::*`.
 * Only wildcards that AWS itself asks for may be acknowledged here.
 */
export function acknowledgeWildcard(scope: IConstruct, finding: string, reason: string): void {
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
}

/** Says why a state machine may invoke every version of a function: the invoke task of aws-stepfunctions-tasks grants that. */
export function acknowledgeInvocation(scope: IConstruct, fn: lambda.IFunction): void {
  acknowledgeWildcard(
    scope,
    `Resource::<${logicalId(fn)}.Arn>:*`,
    'Versions and aliases of one function of this migration, as aws-stepfunctions-tasks grants them.',
  );
}

/** The logical id behind a construct's ARN. */
export function logicalId(fn: IConstruct): string {
  const child = fn.node.defaultChild ?? fn;
  return Stack.of(fn).resolve((child as { logicalId?: string }).logicalId ?? '') as string;
}
