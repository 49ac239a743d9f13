import { ArnFormat, Stack, Token, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { refusal } from './refuse';

/** For how long Step Functions uses a data key, in seconds: 60 to 900. Each needs a request to KMS. */
const DATA_KEY_SECONDS = 300;

/** Refuses a key that cannot encrypt. An imported one says only when it is used. */
export function requireEncryptionKey(owner: string, prop: string, key: kms.IKey): void {
  const made = key.node.defaultChild;
  if (!(made instanceof kms.CfnKey) || Token.isUnresolved(made.keySpec)) return;
  const { keySpec = kms.KeySpec.SYMMETRIC_DEFAULT, keyUsage = kms.KeyUsage.ENCRYPT_DECRYPT } = made;
  if (keySpec === kms.KeySpec.SYMMETRIC_DEFAULT && keyUsage === kms.KeyUsage.ENCRYPT_DECRYPT) return;
  throw refusal(owner, prop, 'must have KeySpec.SYMMETRIC_DEFAULT and KeyUsage.ENCRYPT_DECRYPT', `${keySpec}, ${keyUsage}`);
}

/**
 * Puts what is written down by everything below a scope under a key: logs, and histories of executions. Errors name the keys of items,
 * and histories have errors. Whatever calls a workflow needs the key, too: `allowExecutions`.
 */
export function encryptBelow(scope: Construct, key: kms.IKey): void {
  letLogsUse(scope, key);
  for (const child of scope.node.findAll()) {
    if (child instanceof logs.CfnLogGroup) child.kmsKeyId = key.keyArn;
    if (child instanceof sfn.StateMachine) encryptHistory(child, key);
  }
}

/** AWS Step Functions Developer Guide, "Encryption at rest": the role of a workflow uses the key, and whoever calls it. */
function encryptHistory(machine: sfn.StateMachine, key: kms.IKey): void {
  (machine.node.defaultChild as sfn.CfnStateMachine).encryptionConfiguration = {
    kmsKeyId: key.keyArn,
    kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
    type: 'CUSTOMER_MANAGED_KMS_KEY',
  };
  allowExecutions(machine, key);
}

/** Allows whoever starts, reads or answers executions the use of the key that their histories are under. */
export function allowExecutions(grantee: iam.IGrantable, key: kms.IKey): iam.Grant {
  return key.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
}

/** Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS": for the log groups of this account. */
function letLogsUse(scope: Construct, key: kms.IKey): void {
  const stack = Stack.of(scope);
  const groups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  letServiceUse(scope, key, `logs.${stack.region}.amazonaws.com`, {
    ArnLike: { 'kms:EncryptionContext:aws:logs:arn': groups },
  });
}

/** Lets a service of AWS encrypt with a key. The policy of an imported one stays as it is, so its owner is told. */
export function letServiceUse(scope: Construct, key: kms.IKey, service: string, conditions?: iam.Conditions): void {
  const { statementAdded } = key.addToResourcePolicy(
    new iam.PolicyStatement({
      actions: [
        'kms:Decrypt',
        'kms:GenerateDataKey*',
        ...(conditions ? ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:DescribeKey'] : []),
      ],
      principals: [new iam.ServicePrincipal(service)],
      resources: ['*'],
      conditions,
    }),
  );
  if (statementAdded) return;
  Validations.of(scope).addWarning(
    `imported-key-${service.split('.')[0]}`,
    `The policy of the key ${key.keyArn} is not changed here: let ${service} use it, with kms:Decrypt and kms:GenerateDataKey*` +
      `${conditions ? ', kms:Encrypt, kms:ReEncrypt* and kms:DescribeKey' : ''}, or what is encrypted with it does not arrive.`,
  );
}
