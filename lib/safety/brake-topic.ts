import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { letServiceUse } from '../private/customer-key';

/** What a `BrakeTopic` needs. */
export interface BrakeTopicProps {
  /** Key of the topic. Its policy is extended for whoever publishes: the policy of the AWS-managed key cannot be. */
  readonly encryptionKey: kms.IKey;
}

/** Where alarms say that they went off: encrypted, over TLS only. */
export class BrakeTopic extends Construct {
  /** The topic. */
  readonly topic: sns.Topic;
  /** The key of the topic. */
  readonly key: kms.IKey;

  constructor(scope: Construct, id: string, props: BrakeTopicProps) {
    super(scope, id);
    this.key = props.encryptionKey;
    this.topic = new sns.Topic(this, 'Topic', { masterKey: this.key, enforceSSL: true });
    this.letPublish('cloudwatch.amazonaws.com');
    const alarms = Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm:*' });
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsToTheBrake',
        actions: ['sns:Publish'],
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        resources: [this.topic.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': alarms } },
      }),
    );
  }

  /** Listens to an alarm: by an action of its own when this stack makes it, otherwise by EventBridge, which leaves it as it is. */
  listenTo(alarm: cloudwatch.IAlarm, id: string): void {
    const isOurs = alarm instanceof cloudwatch.AlarmBase && alarm.node.defaultChild !== undefined;
    if (isOurs && Stack.of(alarm) === Stack.of(this)) {
      alarm.addAlarmAction(new SnsAction(this.topic));
      return;
    }
    this.letPublish('events.amazonaws.com');
    new events.Rule(this, `${id}Rule`, {
      description: 'An alarm of elsewhere reaches the brake',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: [alarm.alarmArn],
        detail: { state: { value: ['ALARM'] } },
      },
      targets: [new SnsTopic(this.topic, { message: asAlarmNotification() })],
    });
  }

  /**
   * Who publishes to an encrypted topic needs its key, and so does the topic for what it cannot deliver. No condition: for EventBridge none
   * is supported.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  letPublish(service: string): void {
    letServiceUse(this, this.key, service);
  }
}

/** The fields of an alarm's own notification that the brake reads. */
function asAlarmNotification(): events.RuleTargetInput {
  return events.RuleTargetInput.fromObject({
    AlarmName: events.EventField.fromPath('$.detail.alarmName'),
    NewStateValue: events.EventField.fromPath('$.detail.state.value'),
    NewStateReason: events.EventField.fromPath('$.detail.state.reason'),
    StateChangeTime: events.EventField.fromPath('$.time'),
  });
}
