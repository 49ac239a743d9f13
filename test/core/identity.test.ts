import { type Claim, personOf, principalIn, requestOf } from '../../lambda/core/identity';

const CLAIM: Claim = { migration: 'Shop-Cities', action: 'start' };
const NOW = Date.parse('2026-11-24T03:10:00Z');
const GOOD: Readonly<Record<string, string>> = {
  Action: 'GetCallerIdentity',
  Version: '2011-06-15',
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': 'ASIA/20261124/eu-west-1/sts/aws4_request',
  'X-Amz-Date': '20261124T030000Z',
  'X-Amz-Expires': '900',
  'X-Amz-Security-Token': 'a+b/c=',
  'X-Amz-SignedHeaders': 'host;x-rollout-action;x-rollout-migration',
  'X-Amz-Signature': 'abc',
};
const HOST = 'https://sts.eu-west-1.amazonaws.com/';
const proof = (change: Record<string, string | undefined> = {}, host = HOST) => {
  const query = Object.entries({ ...GOOD, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${host}?${new URLSearchParams(query)}`;
};

test('a proof becomes a request that names migration and action anew', () => {
  const { url, headers } = requestOf(proof(), CLAIM, NOW);
  expect(Object.fromEntries(new URL(url).searchParams)).toEqual(GOOD);
  expect(new URL(url).origin).toBe('https://sts.eu-west-1.amazonaws.com');
  expect(headers).toEqual({ 'x-rollout-migration': 'Shop-Cities', 'x-rollout-action': 'start' });
});

test('a user has no token of a session', () => {
  expect(requestOf(proof({ 'X-Amz-Security-Token': undefined }), CLAIM, NOW).url).not.toContain('Token');
});

test.each([
  'sts.amazonaws.com',
  'sts.us-gov-west-1.amazonaws.com',
  'sts-fips.us-east-2.amazonaws.com',
  'sts.cn-northwest-1.amazonaws.com.cn',
])('%s is an endpoint of AWS STS', (host) => {
  expect(requestOf(proof({}, `https://${host}/`), CLAIM, NOW).url).toContain(`https://${host}/?`);
});

test.each([
  ['http://sts.eu-west-1.amazonaws.com/'],
  ['https://sts.eu-west-1.amazonaws.com:8443/'],
  ['https://me@sts.eu-west-1.amazonaws.com/'],
  ['https://sts.eu-west-1.amazonaws.com/path'],
  ['https://sts.eu-west-1.amazonaws.com.evil.example/'],
  ['https://evil.example/'],
  ['https://sts.evil.example.amazonaws.com/'],
  ['https://s3.eu-west-1.amazonaws.com/'],
  ['https://xsts.eu-west-1.amazonaws.com/'],
  ['https://sts.eu-west-1.amazonaws.com.cn/'],
  ['https://sts.cn-north-1.amazonaws.com/'],
  ['https://169.254.169.254/'],
  ['https://127.0.0.1/'],
  ['http://127.0.0.1:4566/'],
])('%s is none', (host) => {
  expect(() => requestOf(proof({}, host), CLAIM, NOW)).toThrow(/it does not ask AWS STS, but /);
});

test('local AWS is asked in place of AWS, and nobody else then', () => {
  const local = 'http://127.0.0.1:4566';
  expect(requestOf(proof({}, `${local}/`), CLAIM, NOW, local).url).toContain(`${local}/?Action=`);
  expect(() => requestOf(proof({}, 'http://127.0.0.1:4567/'), CLAIM, NOW, local)).toThrow(/does not ask AWS STS/);
  expect(() => requestOf(proof(), CLAIM, NOW, local)).toThrow(/does not ask AWS STS/);
});

const REFUSED: [string, string, RegExp][] = [
  ['no URL', 'a word', /it is no URL/],
  ['too long', proof({ 'X-Amz-Security-Token': 'x'.repeat(9000) }), /it is no URL/],
  ['for another API', proof({ Action: 'AssumeRole' }), /Action is AssumeRole, not GetCallerIdentity/],
  ['with a parameter too much', proof({ RoleArn: 'x' }), /more or less than GetCallerIdentity/],
  ['with a parameter in another case', proof({ action: 'AssumeRole' }), /more or less than GetCallerIdentity/],
  ['with a parameter twice', `${proof()}&Action=GetCallerIdentity`, /more or less than GetCallerIdentity/],
  ['without a signature', proof({ 'X-Amz-Signature': undefined }), /more or less than GetCallerIdentity/],
  [
    'whose signature leaves the migration out',
    proof({ 'X-Amz-SignedHeaders': 'host;x-rollout-action' }),
    /X-Amz-SignedHeaders is host/,
  ],
  [
    'whose signature leaves the action out',
    proof({ 'X-Amz-SignedHeaders': 'host;x-rollout-migration' }),
    /X-Amz-SignedHeaders is/,
  ],
  ['without a date', proof({ 'X-Amz-Date': 'yesterday' }), /does not say when/],
  ['of no date', proof({ 'X-Amz-Date': '20261324T030000Z' }), /does not say when/],
  ['that is stale', proof({ 'X-Amz-Date': '20261124T025459Z' }), /signed 901 seconds ago, for 900 seconds/],
  ['that was good for less', proof({ 'X-Amz-Expires': '60' }), /signed 600 seconds ago, for 60 seconds/],
  ['that would be good for longer', proof({ 'X-Amz-Expires': '3600' }), /good for 1 to 900 seconds/],
  ['that is good for no time', proof({ 'X-Amz-Expires': '-1' }), /good for 1 to 900 seconds/],
  ['of the future', proof({ 'X-Amz-Date': '20261124T031501Z' }), /301 seconds in the future: look at the clock/],
];

test.each(REFUSED)('a proof %s is refused', (_, text, told) => {
  const refused = () => requestOf(text, CLAIM, NOW);
  expect(refused).toThrow(told);
  expect(refused).toThrow(expect.objectContaining({ name: 'IdentityNotProved' }));
});

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:begin';
const answer = (...arns: string[]) => `<R>${arns.map((arn) => `<Arn>${arn}</Arn>`).join('')}</R>`;

test.each([
  'arn:aws:iam::111122223333:user/team/ada',
  'arn:aws:sts::111122223333:assumed-role/Operators/ada@example.com',
  'arn:aws:sts::111122223333:federated-user/ada',
  'arn:aws:iam::111122223333:root',
])('%s is a principal', (arn) => {
  expect(principalIn(answer(arn), FUNCTION)).toBe(arn);
});

test.each([
  ['of nobody', answer()],
  ['of two', answer('arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:user/ada')],
  ['of something else', answer('arn:aws:lambda:eu-west-1:111122223333:function:x')],
  ['of a user of another account', answer('arn:aws:iam::444455556666:user/ada')],
  ['of a user of another partition', answer('arn:aws-cn:iam::111122223333:user/ada')],
  ['that is none', '{"Arn":"arn:aws:iam::111122223333:user/ada"}'],
])('an answer %s proves nothing', (_, text) => {
  expect(() => principalIn(text, FUNCTION)).toThrow(expect.objectContaining({ name: 'IdentityNotProved' }));
});

test('an ARN is read as AWS STS writes it', () => {
  expect(principalIn(answer('arn:aws:iam::111122223333:user/r&amp;d/ada'), FUNCTION)).toBe(
    'arn:aws:iam::111122223333:user/r&d/ada',
  );
});

test('a person is the name of a user or of a session, whatever the role or the account', () => {
  const ada = [
    'arn:aws:iam::111122223333:user/team/Ada',
    'arn:aws:sts::111122223333:assumed-role/Operators/ada',
    'arn:aws:sts::444455556666:assumed-role/Approvers/ada',
    'arn:aws:sts::111122223333:federated-user/ada',
  ];
  expect([...new Set(ada.map(personOf))]).toEqual(['ada']);
  expect(personOf('arn:aws:iam::111122223333:root')).toBe('root of 111122223333');
  expect(personOf('arn:aws:sts::111122223333:assumed-role/root/root')).toBe('root');
});
