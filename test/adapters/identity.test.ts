import { StsIdentities } from '../../lambda/adapters/identity';
import { type Prover, proveIdentity } from '../../lambda/adapters/prove-identity';
import type { Claim } from '../../lambda/core/identity';
import { session } from '../memory/memory-identities';
import { aSmallSts } from './a-small-sts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:pause';
const PAUSE: Claim = { migration: 'Shop-Cities', action: 'pause' };
const ADA = { accessKeyId: 'AKIAADA', secretAccessKey: 'a secret', sessionToken: 'token+of/a session=' };
const GUEST = { accessKeyId: 'AKIAGUEST', secretAccessKey: 'another' };

let sts: Awaited<ReturnType<typeof aSmallSts>>;
beforeAll(async () => {
  const guest = 'arn:aws:iam::444455556666:user/ada';
  sts = await aSmallSts({ AKIAADA: { secret: 'a secret', arn: session('ada') }, AKIAGUEST: { secret: 'another', arn: guest } });
});
afterAll(() => sts.stop());
beforeEach(() => {
  sts.state.seen.length = 0;
});

const proof = (credentials: Prover['credentials'] = ADA, claim: Claim = PAUSE) =>
  proveIdentity({ credentials, region: 'eu-west-1', endpoint: sts.endpoint }, claim);
const identities = (migration = PAUSE.migration) => new StsIdentities(migration, FUNCTION, Date.now, fetch, sts.endpoint);

test('whoever signed is whoever AWS STS says', async () => {
  expect(await identities().prove(await proof(), 'pause')).toBe(session('ada'));
  expect(await identities().prove(await proof(async () => ADA), 'pause')).toBe(session('ada'));
  expect(sts.state.seen).toEqual(['GET /', 'GET /']);
});

test.each([
  ['for another action', async () => identities().prove(await proof(), 'resume'), /refuses it with SignatureDoesNotMatch/],
  ['for another migration', async () => identities('Shop-Orders').prove(await proof(), 'pause'), /SignatureDoesNotMatch/],
  [
    'of a key that nobody has',
    async () => identities().prove(await proof({ ...ADA, accessKeyId: 'AKIAX' }), 'pause'),
    /InvalidClientTokenId/,
  ],
  [
    'of a key with another secret',
    async () => identities().prove(await proof({ ...ADA, secretAccessKey: 'x' }), 'pause'),
    /SignatureDoes/,
  ],
  [
    'with another token',
    async () => identities().prove((await proof()).replace('session', 'Session'), 'pause'),
    /SignatureDoesNotMatch/,
  ],
  [
    'of another account',
    async () => identities().prove(await proof(GUEST), 'pause'),
    /is of arn:aws:iam::444455556666:user\/ada, and whoever/,
  ],
])('a proof %s says nothing', async (_, prove, told) => {
  await expect(prove()).rejects.toMatchObject({ name: 'IdentityNotProved', message: expect.stringMatching(told) });
});

test('nothing is sent that is not for AWS STS', async () => {
  const elsewhere = new StsIdentities(PAUSE.migration, FUNCTION, Date.now, fetch, undefined);
  await expect(elsewhere.prove(await proof(), 'pause')).rejects.toThrow(/it does not ask AWS STS, but 127\.0\.0\.1/);
  expect(sts.state.seen).toEqual([]);
});

test('follows no redirection', async () => {
  sts.state.answer = { status: 302, text: '', location: `${sts.endpoint}/elsewhere` };
  expect(await identities().prove(await proof(), 'pause')).toBe(session('ada'));
  expect(sts.state.seen).toEqual(['GET /', 'GET /']);
});

test.each([
  ['an error of its own', { status: 503, text: 'x' }],
  ['too much to do', { status: 400, text: '<Code>Throttling</Code>' }],
])('%s of AWS STS passes', async (_, answer) => {
  sts.state.answer = answer;
  expect(await identities().prove(await proof(), 'pause')).toBe(session('ada'));
});

test('where AWS STS cannot be reached, it says so and what to do', async () => {
  const send = jest.fn(() => Promise.reject(new Error('no route')));
  const unreachable = new StsIdentities(PAUSE.migration, FUNCTION, Date.now, send as never, sts.endpoint);
  await expect(unreachable.prove(await proof(), 'pause')).rejects.toMatchObject({
    name: 'IdentityUnavailable',
    message: expect.stringMatching(/could not be asked who calls: no route\. Nothing was changed\. Try again/),
  });
  expect(send).toHaveBeenCalledTimes(2);
});

test.each([
  ['eu-west-1', 'https://sts.eu-west-1.amazonaws.com'],
  ['cn-north-1', 'https://sts.cn-north-1.amazonaws.com.cn'],
])('asks the AWS STS of %s, for 15 minutes', async (region, origin) => {
  const url = new URL(await proveIdentity({ credentials: ADA, region }, PAUSE));
  expect(url.origin).toBe(origin);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    'X-Amz-Expires': '900',
    'X-Amz-SignedHeaders': 'host;x-rollout-action;x-rollout-migration',
    'X-Amz-Security-Token': ADA.sessionToken,
  });
});
