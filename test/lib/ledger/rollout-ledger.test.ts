import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RolloutLedger } from '../../../lib';
import { aStack } from '../fixture';

describe('events of a ledger', () => {
  const stack = aStack();
  const ledger = new RolloutLedger(stack, 'Ledger');
  const template = Template.fromStack(stack);

  it('are read from the stream of its table: entries of the audit trail, and nothing else', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' } });
    const pattern = { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'event#' }] } } } };
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] },
    });
  });

  it('are delivered again where the bus does not take them, and in the end their positions are kept, under the key of the ledger', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 6 * 3600,
      DestinationConfig: { OnFailure: { Destination: stack.resolve(ledger.unpublished.queueArn) } },
    });
    template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: stack.resolve(ledger.encryptionKey.keyArn) });
  });

  it('need no permission but to read the stream, to put events on one bus, and to keep what that does not take', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policy?.Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[];
    const allowed = statements.map(({ Action, Resource }) => [[Action].flat(), Resource]);
    const key = stack.resolve(ledger.encryptionKey.keyArn);
    const stream = stack.resolve(ledger.table.tableStreamArn);
    expect(allowed).toEqual(
      expect.arrayContaining([
        [['events:PutEvents'], stack.resolve(ledger.eventBus.eventBusArn)],
        [['sqs:SendMessage'], stack.resolve(ledger.unpublished.queueArn)],
        [expect.arrayContaining(['dynamodb:GetRecords']), stream],
        [['kms:Decrypt', 'kms:GenerateDataKey'], key],
      ]),
    );
    expect(
      allowed
        .flatMap(([actions]) => actions)
        .filter((action) => /dynamodb:(Get|Put|Update|Delete)Item|\*/.test(action as string)),
    ).toEqual([]);
  });

  it('go to the bus that is named', () => {
    const other = aStack();
    const eventBus = new events.EventBus(other, 'Bus');
    const shared = new RolloutLedger(other, 'Ledger', { eventBus, logRetention: RetentionDays.ONE_WEEK });
    expect(shared.eventBus).toBe(eventBus);
    const named = Template.fromStack(other);
    const EVENT_BUS = other.resolve(eventBus.eventBusArn);
    named.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { EVENT_BUS } } });
    named.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'events:PutEvents', Resource: EVENT_BUS })]) },
    });
    named.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });
});
