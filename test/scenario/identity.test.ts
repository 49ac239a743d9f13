import { StsIdentities } from '../../lambda/adapters/identity';
import { proveIdentity } from '../../lambda/adapters/prove-identity';
import type { Claim } from '../../lambda/core/identity';
import { type LocalAwsFixture, localAwsFixture } from '../local-aws-fixture';

const CLAIM: Claim = { migration: 'Shop-Cities', action: 'approve' };
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:approve';

let fixture: LocalAwsFixture;
beforeAll(async () => {
  fixture = await localAwsFixture();
}, 120_000);
afterAll(() => fixture.stop());

/** Temporary credentials of a session, as `aws sts assume-role` gives them. */
async function sessionOf(RoleSessionName: string) {
  const body = new URLSearchParams({
    ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleSessionName },
    RoleArn: 'arn:aws:iam::000000000000:role/Approvers',
  });
  const answer = await (await fetch(fixture.aws.endpoint, { method: 'POST', body })).text();
  const one = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer)?.[1] as string;
  return { accessKeyId: one('AccessKeyId'), secretAccessKey: one('SecretAccessKey'), sessionToken: one('SessionToken') };
}

async function principal(credentials: { accessKeyId: string; secretAccessKey: string }): Promise<string> {
  const { endpoint } = fixture.aws;
  const proof = await proveIdentity({ credentials, region: 'us-east-1', endpoint }, CLAIM);
  return new StsIdentities(CLAIM.migration, FUNCTION, Date.now, fetch, endpoint).prove(proof, CLAIM.action);
}

test('local AWS says whose a proof is: the root user where keys are nobody’s, otherwise the session', async () => {
  expect(await principal({ accessKeyId: 'test', secretAccessKey: 'test' })).toBe('arn:aws:iam::000000000000:root');
  const people = await Promise.all(['ada', 'grace'].map(async (name) => principal(await sessionOf(name))));
  expect(people).toEqual([
    'arn:aws:sts::000000000000:assumed-role/Approvers/ada',
    'arn:aws:sts::000000000000:assumed-role/Approvers/grace',
  ]);
});
