import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { main } from '../../bin/cli';
import { COMMANDS } from '../../bin/commands';
import { type LocalAws, startLocalAws } from '../../bin/local-aws';
import { parameterOf } from '../../lambda/core/operator-configuration';

/** Runs the command line as a shell does. Answers its exit code and what it says. */
async function run(...args: string[]): Promise<{ exit: number; said: string }> {
  let said = '';
  const write = (text: string) => {
    said += text;
    return true;
  };
  const error = jest.spyOn(process.stderr, 'write').mockImplementation(write as never);
  try {
    return { exit: await main(args, { write } as never, new AbortController().signal), said };
  } finally {
    error.mockRestore();
  }
}

describe('without AWS', () => {
  beforeEach(() => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) process.env[name] = 'test';
    process.env.AWS_REGION = 'us-east-1';
  });

  test('its help names every command, and each command has its own', async () => {
    const { exit, said } = await run();
    expect(exit).toBe(0);
    for (const verb of Object.keys(COMMANDS)) {
      expect(said).toContain(`  ${verb}`);
      const own = await run(verb, '--help');
      expect(own.exit).toBe(0);
      expect(own.said).toContain(`cdk-dynamodb-rollout ${verb}`);
    }
  });

  test.each([
    [['launch'], /There is no command launch\. There is list, /],
    [['status', '--fast'], /Unknown option '--fast'/],
    [['status', 'now'], /status takes no 'now'/],
    [['pause'], /pause needs --reason TEXT/],
    [['pause', '--reason', ' '], /pause needs --reason TEXT/],
    [['rollback', '--reason', 'x'], /Say how: --soft, --hard, or --hard --immediate/],
    [['rollback', '--soft', '--hard', '--reason', 'x'], /Say how/],
    [['status', '--until', 'complete'], /--until goes with --watch/],
    [['set', '--reason', 'x'], /Say what: --write-units N, --concurrency N, or both/],
    [['set', '--write-units', 'many', '--reason', 'x'], /--write-units must be a whole number of 0 or more, and is many/],
    [['complete'], /complete needs --reason TEXT/],
    [['restore'], /restore needs --as TABLE/],
  ])('%j is not understood, in one line', async (args, told) => {
    const { exit, said } = await run(...args);
    expect(exit).toBe(2);
    expect(said).toMatch(told);
    expect(said.trim().split('\n')).toHaveLength(1);
  });

  test('says that nobody answers, also as JSON', async () => {
    const { exit, said } = await run('status');
    expect(exit).toBe(4);
    expect(said).toMatch(/AWS at http:\/\/127\.0\.0\.1:1 does not answer/);
    expect(JSON.parse((await run('status', '--json')).said)).toEqual({
      error: expect.stringContaining('does not answer'),
      exit: 4,
    });
  });

  test('says that there is no region', async () => {
    delete process.env.AWS_REGION;
    const { exit, said } = await run('list');
    expect(exit).toBe(4);
    expect(said).toContain('No region is set. Give --region, or set AWS_REGION.');
  });

  test('a profile that does not exist is told in one line', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
    const { exit, said } = await run('list', '--profile', 'nobody');
    delete process.env.AWS_PROFILE;
    expect(exit).toBe(4);
    expect(said).toMatch(/AWS does not take the credentials/);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});

describe('on local AWS', () => {
  let aws: LocalAws;

  beforeAll(async () => {
    delete process.env.AWS_ENDPOINT_URL;
    aws = await startLocalAws();
  }, 120_000);
  beforeEach(() => Object.assign(process.env, aws.environment));
  afterAll(() => aws?.stop());

  async function tell(migration: string, value: unknown) {
    await new SSMClient(aws.connection).send(
      new PutParameterCommand({ Name: parameterOf(migration), Value: JSON.stringify(value), Type: 'String', Overwrite: true }),
    );
  }

  test('there is nothing yet', async () => {
    expect(await run('list')).toEqual({ exit: 0, said: 'There is none.\n' });
    const { exit, said } = await run('status');
    expect(exit).toBe(3);
    expect(said).toContain('There is no change in this account and region.');
  });

  test('a change is the one that is named, or the only one', async () => {
    const change = { format: 1, kind: 'rehydrate', stack: 'Shop', stages: [{ name: 'full', gates: [] }] };
    await tell('Orders', { ...change, migration: 'Orders' });
    expect((await run('list')).said).toMatch(/Orders +rehydrate +Shop +full/);
    await tell('Users', { ...change, migration: 'Users' });
    expect(await run('status')).toMatchObject({ exit: 2, said: expect.stringContaining('one of Orders, Users') });
    const { exit, said } = await run('status', '--migration', 'Oders');
    expect(exit).toBe(3);
    expect(said).toContain('There is no change Oders in this account and region. There is Orders, Users.');
  });

  test('a stage, an approver, or a yes that is not there: nothing is changed', async () => {
    const functions = { approve: { board: 'board-function' } };
    await tell('Orders', {
      format: 1,
      migration: 'Orders',
      stages: [{ name: 'full', gates: [] }],
      functions,
      ledger: { table: 'ledger' },
    });
    const asked = ['--migration', 'Orders', '--reason', 'good'];
    expect(await run('approve', '--stage', 'half', '--as', 'board', ...asked)).toMatchObject({
      exit: 3,
      said: expect.stringContaining('There is no stage half. There is full. Nothing was changed.'),
    });
    expect(await run('approve', '--stage', 'full', '--as', 'bord', ...asked)).toMatchObject({
      exit: 3,
      said: expect.stringContaining('There is no approver bord. There is board. Nothing was changed.'),
    });
    expect(await run('reject', '--stage', 'full', '--as', 'board', ...asked)).toMatchObject({
      exit: 2,
      said: expect.stringContaining('Nobody is there to say so: add --yes if it is meant.'),
    });
  });

  test('a configuration of a later version is not guessed at', async () => {
    await tell('Orders', { format: 2 });
    expect(await run('list')).toMatchObject({ exit: 3, said: expect.stringContaining('Use the version of the package') });
  });
});
