import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';

/** The construct whose policy a grant goes to, such as a role or a managed policy; undefined for a principal without one. */
export function constructOf(grantee: iam.IGrantable): IConstruct | undefined {
  return [grantee.grantPrincipal, grantee].find((each): each is iam.IGrantable & IConstruct => Construct.isConstruct(each));
}
