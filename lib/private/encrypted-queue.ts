import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * A queue under a key of the customer, over TLS only. Whoever sends or receives is allowed the use of the key by the name of each action
 * (Amazon SQS Developer Guide, "Key management", permissions for producers and consumers).
 */
export class EncryptedQueue extends sqs.Queue {
  constructor(
    scope: Construct,
    id: string,
    private readonly key: kms.IKey,
    props: Omit<sqs.QueueProps, 'encryption' | 'encryptionMasterKey' | 'enforceSSL'>,
  ) {
    super(scope, id, { ...props, encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true });
  }

  override grantSendMessages(grantee: iam.IGrantable): iam.Grant {
    const send = this.grant(grantee, 'sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl');
    return send.combine(this.key.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt'));
  }

  override grantConsumeMessages(grantee: iam.IGrantable): iam.Grant {
    const receive = this.grant(
      grantee,
      ...['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
    );
    return receive.combine(this.key.grant(grantee, 'kms:Decrypt'));
  }
}
