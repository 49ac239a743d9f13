import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  type FilterCriteria,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import Ajv from 'ajv';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DynamoLedger } from '../../lambda/adapters/ledger';
import { RolloutLedger } from '../../lib';
import { handlerFolder } from '../../lib/private/handler-folder';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';

/** From an entry of a ledger to a queue of whoever listens: table, stream, filter, the built handler, bus and rule. */
let aws: LocalAwsFixture;
let queue: string;
let ledger: DynamoLedger;

beforeAll(async () => {
  aws = await localAwsFixture();
  const table = await aTable();
  const bus = new EventBridgeClient(aws.aws.connection);
  const { EventBusArn } = await bus.send(new CreateEventBusCommand({ Name: 'operations' }));
  queue = await listeningQueue(bus);
  await publisher(table.stream, EventBusArn as string);
  ledger = new DynamoLedger(aws.client, table.name, 'cities', Date.now);
}, 120_000);
afterAll(() => aws.stop());

/** The mapping as the construct makes it. */
function mappingOfLedger(): { FilterCriteria: FilterCriteria; BatchSize: number; StartingPosition: 'TRIM_HORIZON' } {
  const stack = new Stack(new App(), 'Shop');
  new RolloutLedger(stack, 'Ledger');
  const [mapping] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::EventSourceMapping'));
  const { FilterCriteria, BatchSize, StartingPosition } = mapping?.Properties ?? {};
  return { FilterCriteria, BatchSize, StartingPosition };
}

async function aTable(): Promise<{ name: string; stream: string }> {
  const name = `ledger-${process.pid}`;
  const { TableDescription } = await aws.client.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  return { name, stream: TableDescription?.LatestStreamArn as string };
}

async function publisher(EventSourceArn: string, EVENT_BUS: string): Promise<void> {
  const lambda = new LambdaClient(aws.aws.connection);
  await lambda.send(
    new CreateFunctionCommand({
      ...{
        FunctionName: 'publish',
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: 'arn:aws:iam::000000000000:role/publish',
      },
      Code: { ZipFile: zipped(handlerFolder('publish')) },
      Environment: { Variables: { EVENT_BUS } },
      Timeout: 60,
    }),
  );
  await lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'publish', EventSourceArn, ...mappingOfLedger() }));
}

/** Python is what local AWS needs anyway. */
function zipped(folder: string): Buffer {
  const home = mkdtempSync(join(tmpdir(), 'rollout-zip-'));
  try {
    execFileSync('python3', ['-m', 'zipfile', '-c', join(home, 'code.zip'), 'index.mjs'], { cwd: folder });
    return readFileSync(join(home, 'code.zip'));
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function listeningQueue(bus: EventBridgeClient): Promise<string> {
  const sqs = new SQSClient(aws.aws.connection);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'heard' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const EventPattern = JSON.stringify({ source: ['cdk-dynamodb-rollout'], detail: { migration: ['cities'] } });
  await bus.send(new PutRuleCommand({ Name: 'all', EventBusName: 'operations', EventPattern }));
  const Targets = [{ Id: 'heard', Arn: Attributes?.QueueArn }];
  await bus.send(new PutTargetsCommand({ Rule: 'all', EventBusName: 'operations', Targets }));
  return QueueUrl as string;
}

interface Heard {
  readonly 'detail-type': string;
  readonly detail: { readonly seq: number; readonly migration: string; readonly data: Record<string, unknown> };
}

/** Messages until there are so many different events, or half a minute has passed. */
async function heard(count: number): Promise<Heard[]> {
  const sqs = new SQSClient(aws.aws.connection);
  const found = new Map<number, Heard>();
  for (const until = Date.now() + 30_000; Date.now() < until && found.size < count; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body, ReceiptHandle } of Messages) {
      const event = JSON.parse(Body as string) as Heard;
      found.set(event.detail.seq, event);
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
    }
  }
  return [...found.values()].sort((a, b) => a.detail.seq - b.detail.seq);
}

test('entries of the audit trail come out of the bus, each as documented, and nothing else does', async () => {
  const { generation } = await ledger.acquire('run-1', 'e-1');
  await ledger.saveNote('routing', { revision: 1 });
  for (let n = 0; n < 12; n++) await ledger.append('run-1', 'paused', { generation, reason: `pause ${n}` });
  await ledger.append('run-1', 'resumed', { generation, reason: 'fine', until: 12 }, 'arn:aws:iam::000000000000:user/me');
  await ledger.release(generation);
  const events = await heard(13);
  expect(events.map(({ detail }) => detail.seq)).toEqual(Array.from({ length: 13 }, (_, n) => n + 1));
  expect(events.at(-1)).toMatchObject({
    ...{ source: 'cdk-dynamodb-rollout', 'detail-type': 'Rollout Resumed' },
    detail: { migration: 'cities', kind: 'resumed', who: 'arn:aws:iam::000000000000:user/me', data: { until: 12 } },
  });
  const schema = JSON.parse(readFileSync(join(__dirname, '..', '..', 'docs', 'events.schema.json'), 'utf8'));
  const validate = new Ajv({ strictTypes: false, strictRequired: false }).compile(schema);
  for (const event of events) expect([validate(event), validate.errors]).toEqual([true, null]);
}, 60_000);
