import { Duration, Validations } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { EncryptedQueue } from '../private/encrypted-queue';

/** Where changes wait that were not carried over, until the redrive settles their keys again. */
export class PoisonQueue extends EncryptedQueue {
  constructor(scope: Construct, id: string, key: kms.IKey) {
    super(scope, id, key, {
      retentionPeriod: Duration.days(14),
      // Longer than the redrive may run, so that no message is seen twice in one run.
      visibilityTimeout: Duration.minutes(16),
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself the dead-letter queue of both replications.',
    });
  }
}
