/** With `-c cdk-dynamodb-rollout:drill=true` every change of an app is synthesised for a drill on local AWS. Contract. */
export const DRILL_CONTEXT = 'cdk-dynamodb-rollout:drill';

/**
 * A parameter without a default: whoever deploys a stack that is synthesised for a drill has to say that the place is local AWS, or
 * CloudFormation refuses it before it changes anything. The command line says so. Contract.
 */
export const DRILL_PARAMETER = 'DrillOnLocalAws';
