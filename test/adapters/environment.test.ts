import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, loadPlan, settings, streamArns, variable } from '../../lambda/adapters/environment';
import { isLocalAws } from '../../lambda/adapters/local-aws';
import { importModule } from '../import-module';

const VARIABLES = {
  ROLLOUT_MIGRATION: 'cities',
  LEGACY_TABLE: 'legacy',
  TARGET_TABLE: 'target',
  LEGACY_KEYS: 'id',
  TARGET_KEYS: 'pk,sk',
  LEGACY_STREAM_ARN: 'arn:legacy',
  TARGET_STREAM_ARN: 'arn:target',
  LEDGER_TABLE: 'ledger',
  ARCHIVE_BUCKET: 'archive',
  APPCONFIG_APPLICATION: 'app',
  APPCONFIG_ENVIRONMENT: 'env',
  APPCONFIG_PROFILE: 'profile',
  APPCONFIG_IMMEDIATE_STRATEGY: 'strategy',
  TRIGGER_ALARMS: 'one,two',
  PAUSE_ALARMS: 'three',
  MONITOR_ALARM_ARNS: '',
  MONITOR_ROLE_ARN: '',
  GIVEN_UP_QUEUE_URL: 'https://given-up',
  METRIC_NAMESPACE: 'DynamoDBRollout',
  REVERSE_WINDOW: '1209600',
  TRANSFORM_SHA256: 'a',
  PLAN_SHA256: 'b',
  MAX_WRITE_UNITS: '0',
  MAX_CONCURRENCY: '4',
  ITEMS_PER_SLICE: '10000',
};

describe('settings', () => {
  it('are read and typed', () => {
    expect(settings(VARIABLES)).toMatchObject({
      migration: 'cities',
      tables: { legacy: 'legacy', target: 'target' },
      schemas: { legacy: ['id'], target: ['pk', 'sk'] },
      triggerAlarms: ['one', 'two'],
      pauseAlarms: ['three'],
      monitorAlarmArns: [],
      monitorRoleArn: undefined,
      reverseWindow: 1_209_600,
      maxWriteUnits: 0,
      maxConcurrency: 4,
    });
  });

  const optional = [
    'LEGACY_STREAM_ARN',
    'TARGET_STREAM_ARN',
    'GIVEN_UP_QUEUE_URL',
    'TRIGGER_ALARMS',
    'PAUSE_ALARMS',
    'MONITOR_ALARM_ARNS',
    'MONITOR_ROLE_ARN',
  ];
  it.each(Object.keys(VARIABLES).filter((name) => !optional.includes(name)))('need %s', (name) => {
    expect(() => settings({ ...VARIABLES, [name]: '' })).toThrow(
      expect.objectContaining({ name: 'InvalidConfiguration', message: expect.stringContaining(name) }),
    );
  });

  it.each(['LEGACY_STREAM_ARN', 'TARGET_STREAM_ARN'])('need %s where streams are read', (name) => {
    expect(streamArns(VARIABLES)).toEqual({ legacy: VARIABLES.LEGACY_STREAM_ARN, target: VARIABLES.TARGET_STREAM_ARN });
    expect(() => streamArns({ ...VARIABLES, [name]: '' })).toThrow(`The environment variable ${name} is not set`);
  });

  it.each([
    ['LEGACY_KEYS', 'a,b,c'],
    ['TARGET_KEYS', 'a,'],
    ['MAX_WRITE_UNITS', '-1'],
    ['MAX_CONCURRENCY', '1.5'],
    ['ITEMS_PER_SLICE', 'many'],
    ['STAGE_STRATEGIES', '{'],
  ])('refuse %s = %s', (name, value) => {
    expect(() => settings({ ...VARIABLES, [name]: value })).toThrow(
      expect.objectContaining({ name: 'InvalidConfiguration', message: expect.stringContaining(`${name} is ${value}`) }),
    );
  });

  it('has variables of single handlers', () => {
    expect(variable('DIRECTION', { DIRECTION: 'forward' })).toBe('forward');
    expect(() => variable('DIRECTION', {})).toThrow(expect.objectContaining({ name: 'InvalidConfiguration' }));
  });
});

describe('assets', () => {
  const schemas = { legacy: ['id'], target: ['pk'] } as const;
  const plan = {
    stages: [{ name: 'all', cohort: { kind: 'all' }, goal: 'target', sample: 10, bake: 60, strategy: 'id' }],
    lease: 60,
    poll: 15,
    inFlight: 15,
  };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'assets-'));
    process.env.ROLLOUT_ASSETS = folder;
  });
  afterEach(() => {
    delete process.env.ROLLOUT_ASSETS;
    rmSync(folder, { recursive: true });
  });

  it('hold the plan', () => {
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
    expect(loadPlan()).toEqual(plan);
  });

  it.each([
    ['no file', undefined],
    ['no JSON', '{'],
    ['no stages', JSON.stringify({ ...plan, stages: undefined })],
    ['an unknown goal', JSON.stringify({ ...plan, stages: [{ ...plan.stages[0], goal: 'nowhere' }] })],
    ['an unknown cohort', JSON.stringify({ ...plan, stages: [{ ...plan.stages[0], cohort: { kind: 'some' } }] })],
    ['a negative lease', JSON.stringify({ ...plan, lease: -1 })],
  ])('refuse a plan with %s', (_, text) => {
    if (text !== undefined) writeFileSync(join(folder, 'plan.json'), text);
    expect(() => loadPlan()).toThrow(
      expect.objectContaining({ name: 'InvalidConfiguration', message: expect.stringContaining('plan.json') }),
    );
  });

  it('hold the transform, an ECMAScript module', async () => {
    const transform = `export default {
      version: 'v1', up: (x) => [{ pk: x.id }], down: ([x]) => x && { id: x.pk }, legacyKey: ({ pk }) => ({ id: pk }),
      canary: { item: (n) => ({ id: 'c' + n }), number: () => undefined },
    };`;
    writeFileSync(join(folder, 'transform.mjs'), transform);
    const model = await loadModel(schemas, importModule);
    expect(model.up({ id: { S: 'x' } })).toEqual([{ pk: { S: 'x' } }]);
  });

  it.each([
    ['no file', undefined],
    ['a file that does not parse', 'export default {'],
    ['no default export', 'export const x = 1;'],
  ])('refuse a transform with %s', async (_, text) => {
    if (text !== undefined) writeFileSync(join(folder, 'transform.mjs'), text);
    await expect(loadModel(schemas, importModule)).rejects.toMatchObject({ name: 'InvalidConfiguration' });
  });

  it('need to know where they are', () => {
    delete process.env.ROLLOUT_ASSETS;
    expect(() => loadPlan()).toThrow(expect.objectContaining({ message: expect.stringContaining('LAMBDA_TASK_ROOT') }));
  });
});

it.each([
  [undefined, false],
  ['', false],
  ['not a url', false],
  ['https://dynamodb.us-east-1.amazonaws.com', false],
  ['http://127.0.0.1:4566', true],
  ['http://localhost:4566', true],
  ['http://[::1]:4566', true],
])('AWS_ENDPOINT_URL %s is local: %s', (AWS_ENDPOINT_URL, local) => expect(isLocalAws({ AWS_ENDPOINT_URL })).toBe(local));
