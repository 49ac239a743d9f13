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

/**
 * The same for all that begins with an ARN. Whether that is of this stack, of another one or imported decides how cdk-nag names it, and is
 * known when the references between stacks are resolved: not before the tree is validated.
 */
export function acknowledgeBelow(scope: IConstruct, arn: string, below: string, reason: string): void {
  scope.node.addValidation({
    validate: () => {
      acknowledgeWildcard(scope, `Resource::${flat(Stack.of(scope).resolve(arn))}${below}`, reason);
      return [];
    },
  });
}

/** A value of a template as cdk-nag writes it. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': got, 'Fn::ImportValue': imported, 'Fn::Join': joined } = value as Intrinsic;
  if (Ref) return `<${Ref}>`;
  if (got) return `<${got.join('.')}>`;
  if (joined) return joined[1].map(flat).join(joined[0]);
  return imported === undefined ? JSON.stringify(value) : flat(imported);
}

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly string[];
  readonly 'Fn::ImportValue'?: unknown;
  readonly 'Fn::Join'?: readonly [delimiter: string, parts: readonly unknown[]];
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
