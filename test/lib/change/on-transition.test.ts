import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { RolloutLedger } from '../../../lib';
import { aMigration, aStack } from '../fixture';

const stack = aStack();
const elsewhere = new Stack(stack.node.root as never, 'Elsewhere');
const eventBus = new events.EventBus(stack, 'Bus');
const migration = aMigration(stack, { ledger: new RolloutLedger(stack, 'Ledger', { eventBus }) });
const queue = new sqs.Queue(stack, 'Queue');
const rule = migration.onTransition('All', { target: new SqsQueue(queue), description: 'Everything' });
migration.onTransition('Some', {
  kinds: ['stage-passed', 'rollback-begun'],
  eventPattern: { detail: { data: { mode: ['fenced'] } } },
  crossStackScope: elsewhere,
});

it('listens to every entry of this change, on the bus of its ledger', () => {
  expect(rule).toBeInstanceOf(events.Rule);
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    Description: 'Everything',
    EventBusName: stack.resolve(eventBus.eventBusName),
    EventPattern: { source: ['cdk-dynamodb-rollout'], detail: { migration: [migration.migrationId] } },
    Targets: [{ Arn: stack.resolve(queue.queueArn) }],
  });
});

it('listens to some kinds, besides what the caller asks for, from another stack', () => {
  Template.fromStack(elsewhere).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      'detail-type': ['Stage Passed', 'Rollback Begun'],
      detail: { migration: [migration.migrationId], data: { mode: ['fenced'] } },
    },
  });
});

it('refuses kinds that there are not, and none', () => {
  expect(() => migration.onTransition('X', { kinds: ['stage-pased'] })).toThrow(
    /^onTransition\('X'\): kinds must hold kinds of entries: begun, .*Received: 'stage-pased'\.$/,
  );
  expect(() => migration.onTransition('Y', { kinds: [] })).toThrow(/must hold at least one kind/);
});
