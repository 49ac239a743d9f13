import {
  AppConfigDataClient,
  BadRequestException,
  GetLatestConfigurationCommand,
  InternalServerException,
  StartConfigurationSessionCommand,
  ThrottlingException,
} from '@aws-sdk/client-appconfigdata';
import { mockClient } from 'aws-sdk-client-mock';
import { appConfigDataClient, pollRouting } from '../../lambda/adapters/appconfig-data';

const appConfig = mockClient(AppConfigDataClient);
const location = { application: 'app', environment: 'env', profile: 'prof' };

/** AppConfig with numbered sessions and tokens that are good once, as the service documents them. */
class Service {
  content = 'table 1';
  sessions = 0;
  /** Thrown instead of the next answers, first one first. The question itself has been taken: its token is used. */
  failures: Error[] = [];
  /** Thrown instead of the next session. */
  closed: Error | undefined;
  readonly tokens = new Map<string, string | undefined>();

  constructor() {
    appConfig.reset();
    appConfig.on(StartConfigurationSessionCommand).callsFake(() => {
      if (this.closed) throw this.closed;
      const token = `session-${++this.sessions}`;
      this.tokens.set(token, undefined);
      return { InitialConfigurationToken: token };
    });
    appConfig.on(GetLatestConfigurationCommand).callsFake(({ ConfigurationToken: token }) => {
      if (!this.tokens.has(token)) throw badRequest();
      const served = this.tokens.get(token);
      this.tokens.delete(token);
      const failure = this.failures.shift();
      const next = `${token}+`;
      this.tokens.set(next, this.content);
      if (failure) throw failure;
      return { NextPollConfigurationToken: next, Configuration: Buffer.from(served === this.content ? '' : this.content) };
    });
  }
}

function badRequest(): BadRequestException {
  return new BadRequestException({ message: 'PollIntervalNotSatisfied', $metadata: { httpStatusCode: 400 } });
}

const requests = () => appConfig.calls().map(({ args }) => args[0].constructor.name.replace('Command', ''));

let service: Service;
beforeEach(() => {
  service = new Service();
});

const poll = () => pollRouting(new AppConfigDataClient({}), location);

test('begins one session and goes from token to token', async () => {
  const ask = poll();
  expect(await ask()).toBe('table 1');
  expect(await ask()).toBeUndefined();
  service.content = 'table 2';
  expect(await ask()).toBe('table 2');
  expect(service.sessions).toBe(1);
  expect(appConfig.commandCalls(StartConfigurationSessionCommand)[0]?.args[0].input).toEqual({
    ApplicationIdentifier: 'app',
    EnvironmentIdentifier: 'env',
    ConfigurationProfileIdentifier: 'prof',
    RequiredMinimumPollIntervalInSeconds: 15,
  });
});

test('a refused token means a new session at once, whose first answer has the table again', async () => {
  const ask = poll();
  await ask();
  service.tokens.clear();
  expect(await ask()).toBe('table 1');
  expect(service.sessions).toBe(2);
});

test('a broken connection means a new session at once', async () => {
  const ask = poll();
  await ask();
  service.failures = [new Error('socket hang up')];
  expect(await ask()).toBe('table 1');
  expect(service.sessions).toBe(2);
});

test.each([
  ['throttled', new ThrottlingException({ message: 'slow down', $metadata: { httpStatusCode: 429 } })],
  ['broken', new InternalServerException({ message: 'oops', $metadata: { httpStatusCode: 500 } })],
])('a service that is %s is not asked twice', async (_, failure) => {
  const ask = poll();
  await ask();
  appConfig.resetHistory();
  service.failures = [failure];
  await expect(ask()).rejects.toBe(failure);
  expect(requests()).toEqual(['GetLatestConfiguration']);
});

test('a table whose answer was lost comes again: no token is used twice', async () => {
  const ask = poll();
  await ask();
  service.content = 'table 2';
  service.failures = [new InternalServerException({ message: 'oops', $metadata: {} })];
  await expect(ask()).rejects.toThrow('oops');
  expect(await ask()).toBe('table 2');
  expect(service.sessions).toBe(2);
});

test('a session that cannot begin is begun again next time', async () => {
  const ask = poll();
  service.closed = new Error('no route');
  await expect(ask()).rejects.toThrow('no route');
  service.closed = undefined;
  expect(await ask()).toBe('table 1');
});

test('no content in the first answer of a session is not "nothing new"', async () => {
  service.content = '';
  expect(await poll()()).toBe('');
});

test('our client gives a request up early and does not repeat it', async () => {
  const client = appConfigDataClient({ region: 'eu-west-1' });
  expect(await client.config.maxAttempts()).toBe(1);
});
