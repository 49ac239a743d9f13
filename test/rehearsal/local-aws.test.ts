import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type LocalAws, LocalAwsError, startLocalAws } from '../../bin/local-aws';
import { cacheFolder, findPython } from '../../bin/local-aws/installation';

it('says in one line what to do without a Python', () => {
  const find = () => findPython(['no-such-python-a', 'no-such-python-b']);
  expect(find).toThrow(LocalAwsError);
  expect(find).toThrow(/^No Python >= 3\.10 with venv was found\. Install one .*AWS_ENDPOINT_URL.*$/);
});

describe('startLocalAws', () => {
  const given = process.env.AWS_ENDPOINT_URL;
  let taken: Server | undefined;

  afterEach(() => {
    taken?.close();
    if (given === undefined) delete process.env.AWS_ENDPOINT_URL;
    else process.env.AWS_ENDPOINT_URL = given;
  });

  it('uses the endpoint of the user and does not end it', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    const aws = await startLocalAws();
    expect(aws).toMatchObject({ endpoint: 'http://127.0.0.1:1', environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } });
    expect(aws.pid).toBeUndefined();
    await aws.stop();
  });

  it('says in one line that a port is taken', async () => {
    delete process.env.AWS_ENDPOINT_URL;
    taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken?.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    await expect(startLocalAws({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken.`);
  });
});

describe('what local AWS is made to do', () => {
  let aws: LocalAws;
  let cloudwatch: CloudWatchClient;
  let database: DynamoDBClient;

  beforeAll(async () => {
    aws = await startLocalAws();
    cloudwatch = new CloudWatchClient(aws.connection);
    database = new DynamoDBClient({ ...aws.connection, maxAttempts: 1 });
    await database.send(
      new CreateTableCommand({
        TableName: 'cities',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'name', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byName',
            KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    for (let n = 0; n < 100; n++) {
      const Item = { pk: { S: `${n}` }, name: { S: `name ${n}` } };
      await database.send(new PutItemCommand({ TableName: 'cities', Item }));
    }
  }, 120_000);
  afterEach(() => aws.trouble({}));
  afterAll(() => aws.stop());

  const scanned = async (IndexName?: string) => (await database.send(new ScanCommand({ TableName: 'cities', IndexName }))).Count;

  it('loses entries of an index, always the same, until it is told otherwise', async () => {
    aws.trouble({ hide: { index: 'byName', share: 0.3 } });
    const found = await scanned('byName');
    expect(found).toBeGreaterThan(50);
    expect(found).toBeLessThan(90);
    expect(await scanned('byName')).toBe(found);
    expect(await scanned()).toBe(100);
    aws.trouble({});
    expect(await scanned('byName')).toBe(100);
  });

  it('throttles a table, and counts that as DynamoDB does', async () => {
    aws.trouble({ throttle: { table: 'cities', share: 1 } });
    await expect(scanned()).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    const put = database.send(new PutItemCommand({ TableName: 'cities', Item: { pk: { S: 'x' } } }));
    await expect(put).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    aws.trouble({});
    for (const MetricName of ['ReadThrottleEvents', 'WriteThrottleEvents']) {
      const { Datapoints = [] } = await cloudwatch.send(
        new GetMetricStatisticsCommand({
          ...{ Namespace: 'AWS/DynamoDB', MetricName, Dimensions: [{ Name: 'TableName', Value: 'cities' }] },
          ...{ StartTime: new Date(Date.now() - 300_000), EndTime: new Date(Date.now() + 60_000), Period: 60 },
          Statistics: ['Sum'],
        }),
      );
      expect(Datapoints.map(({ Sum }) => Sum)).toEqual([1]);
    }
  });
});

describe('alarms on metric math', () => {
  const script = join(__dirname, '..', '..', 'bin', 'local-aws');
  const CASES: [string, string, Record<string, number[]>, string, string][] = [
    ['sums what has no data as nothing', 'FILL(a, 0) + FILL(b, 0) + 0 * p', { b: [9, 9, 9], p: [0, 0, 0] }, 'missing', 'ALARM'],
    ['has no value where a term has none', 'FILL(a, 0) + 0 * p', { a: [9, 9, 9] }, 'missing', 'INSUFFICIENT_DATA'],
    ['is OK below its bound', 'FILL(a, 0) + 0 * p', { a: [1, 1, 9], p: [0, 0, 0] }, 'missing', 'OK'],
    ['takes a condition', 'IF(a >= 5, 100 * FILL(b, 0) / a, 0)', { a: [10, 10, 10], b: [9, 9, 9] }, 'notBreaching', 'ALARM'],
    ['is OK without data where that is no breach', 'IF(a >= 5, 100 * FILL(b, 0) / a, 0)', {}, 'notBreaching', 'OK'],
    ['breaches without data where that is one', 'a', {}, 'breaching', 'ALARM'],
  ];

  it.each(CASES)('%s', (_, expression, series, missing, state) => {
    const program = `
import json, sys, time
sys.path.insert(0, sys.argv[1])
import metric_math
expression, series, missing = json.loads(sys.argv[2])
metric_math.measured = lambda cloudwatch, stat, begin, period: (series.get(stat) or {}).get(str(int((time.time() // 60) * 60 - begin) // 60))
series = {name: {str(len(values) - n): value for n, value in enumerate(values)} for name, values in series.items()}
class Stat(str):
    def __getitem__(self, key): return 60 if key == "Period" else str.__getitem__(self, key)
metrics = [{"Id": name, "MetricStat": Stat(name), "ReturnData": False} for name in "abp"]
alarm = {"Metrics": metrics + [{"Id": "e", "Expression": expression}], "EvaluationPeriods": 3, "DatapointsToAlarm": 2,
         "ComparisonOperator": "GreaterThanThreshold", "Threshold": 5, "TreatMissingData": missing, "StateValue": "OK"}
print(metric_math.state_of(None, alarm)[0])
`;
    const asked = JSON.stringify([expression, series, missing]);
    expect(execFileSync(findPython(), ['-c', program, script, asked], { encoding: 'utf8' }).trim()).toBe(state);
  });
});

describe('where local AWS is kept', () => {
  const root = join(__dirname, '..', '..');

  it('is the project that somebody works in, however deep', () => {
    expect(cacheFolder(join(root, 'lib', 'change'))).toBe(join(root, 'node_modules', '.cache', 'cdk-dynamodb-rollout'));
  });

  it('is the cache of the user where there is no project', () => {
    expect(cacheFolder('/', { XDG_CACHE_HOME: '/caches' })).toBe('/caches/cdk-dynamodb-rollout');
    expect(cacheFolder('/', {})).toMatch(/\.cache\/cdk-dynamodb-rollout$/);
  });
});
