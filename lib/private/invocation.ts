import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** Allows calling this function and no other version of it: `grantInvoke` would allow all. */
export function allowInvocation(caller: lambda.IFunction, { functionArn }: lambda.IFunction): void {
  caller.addToRolePolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
}
