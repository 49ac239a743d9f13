import { type ErrorName, isRolloutError, RolloutError } from './errors';

/**
 * What somebody may prove to have asked for. Neither Lambda nor Step Functions tells a function who called, so whoever calls signs a
 * request to `sts:GetCallerIdentity` with their own credentials and gives it along: whoever sends it to AWS STS is told whose it is.
 */
export const PROVABLE = ['start', 'rollback', 'approve', 'reject', 'pause', 'resume', 'set', 'complete', 'redrive'] as const;
export type Provable = (typeof PROVABLE)[number];

/** What a proof is for; it proves nothing for another action, or for another migration. */
export interface Claim {
  /** Id of the migration. */
  readonly migration: string;
  readonly action: Provable;
}

/** Finds out who asks. */
export interface Identities {
  /**
   * ARN of the IAM principal that made a proof, for a session of a role with the name of the session.
   * @throws IdentityNotProved when it proves nothing; IdentityUnavailable when AWS STS cannot be asked
   */
  prove(proof: string, action: Provable): Promise<string>;
}

/** Who asks, as far as it is proved; undefined where no proof was given. @throws IdentityNotProved, IdentityUnavailable */
export async function whoAsks(
  identities: Identities,
  { proof }: { readonly proof?: string },
  action: Provable,
): Promise<string | undefined> {
  return proof === undefined ? undefined : identities.prove(proof, action);
}

/** Who asked for something that did not wait for the answer. */
export interface Asked {
  readonly who?: string;
  /** Why there is no `who`, though a proof was given. */
  readonly unproved?: string;
}

/**
 * Who asks for what only makes things safer: that waits for nobody. Where it is not known who it is for one of these reasons, or for any,
 * the record says so.
 * @throws IdentityNotProved, unless that is among them
 */
export async function whoAsksAtOnce(
  identities: Identities,
  said: { readonly proof?: string },
  action: Provable,
  reasons: readonly ErrorName[] | 'any' = ['IdentityUnavailable'],
): Promise<Asked> {
  try {
    const who = await whoAsks(identities, said, action);
    return who ? { who } : {};
  } catch (error) {
    const isReason = reasons === 'any' || reasons.some((reason) => isRolloutError(error, reason));
    if (isReason) return { unproved: error instanceof Error ? error.message : String(error) };
    throw error;
  }
}

/** The headers that a proof signs besides the host. */
export function headersOf({ migration, action }: Claim): Record<string, string> {
  return { 'x-rollout-action': action, 'x-rollout-migration': migration };
}

/**
 * Seconds for which a proof is good: AWS STS takes a request for 15 minutes at most (AWS General Reference, "Signing AWS API
 * requests").
 */
export const PROOF_SECONDS = 900;

/** Characters of a proof: the token of a session has no bound that AWS names, and stays well below. */
export const LONGEST_PROOF = 8192;

/** Seconds by which the clock of whoever signed may be ahead. */
const CLOCKS_DIFFER = 300;

/** What a proof asks of AWS STS: it has nothing else in it. */
const ASKED: Readonly<Record<string, string>> = {
  Action: 'GetCallerIdentity',
  Version: '2011-06-15',
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-SignedHeaders': 'host;x-rollout-action;x-rollout-migration',
};
const SIGNED = ['X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-Signature'];
const TOKEN = 'X-Amz-Security-Token';

/**
 * Endpoints of AWS STS: the global one, those of Regions, with FIPS where there is one, and those of China (AWS General Reference,
 * "AWS Security Token Service endpoints and quotas"). Nobody else gets a name of this form.
 */
const ENDPOINTS =
  /^(sts\.amazonaws\.com|sts(-fips)?\.(?!cn-)[a-z]{2}(-[a-z]+)+-\d{1,2}\.amazonaws\.com|sts\.cn-[a-z]+-\d{1,2}\.amazonaws\.com\.cn)$/;

/** What is sent to AWS STS. */
export interface IdentityRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The request of a proof, put together anew from what may be in it, so that nothing else is ever sent, and to nobody else. The headers
 * say what the proof is asked for; where it was signed for something else, its signature does not fit.
 *
 * `now`: milliseconds since 1970. `local`: the endpoint of local AWS, in place of those of AWS.
 * @throws IdentityNotProved
 */
export function requestOf(proof: string, claim: Claim, now: number, local?: string): IdentityRequest {
  if (typeof proof !== 'string' || proof.length > LONGEST_PROOF || !URL.canParse(proof))
    throw notProved('it is no URL of a request that was signed');
  const url = new URL(proof);
  requireEndpoint(url, local);
  const query = queryOf(url);
  requireFresh(query, now);
  const text = [...query].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return { url: `${url.origin}/?${text}`, headers: headersOf(claim) };
}

function requireEndpoint(url: URL, local?: string): void {
  const isEndpoint = local
    ? url.origin === new URL(local).origin
    : url.protocol === 'https:' && url.port === '' && ENDPOINTS.test(url.hostname);
  const isPlain = url.username === '' && url.password === '' && url.hash === '' && url.pathname === '/';
  if (!isEndpoint || !isPlain) throw notProved(`it does not ask AWS STS, but ${url.host}${url.pathname}`.slice(0, 300));
}

/** Each parameter once, by its exact name: AWS might read another one of two. */
function queryOf(url: URL): Map<string, string> {
  const entries = [...url.searchParams];
  const query = new Map(entries);
  const known = [...Object.keys(ASKED), ...SIGNED];
  const isWhole =
    query.size === entries.length &&
    known.every((name) => query.get(name)) &&
    [...query.keys()].every((name) => name === TOKEN || known.includes(name));
  const other = Object.entries(ASKED).find(([name, value]) => query.get(name) !== value);
  if (isWhole && !other) return query;
  throw notProved(
    isWhole && other
      ? `${other[0]} is ${query.get(other[0])}, not ${other[1]}`
      : 'it asks for more or less than GetCallerIdentity',
  );
}

function requireFresh(query: ReadonlyMap<string, string>, now: number): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') as string)?.slice(1);
  const signed = parts ? Date.parse(`${parts.slice(0, 3).join('-')}T${parts.slice(3).join(':')}Z`) : Number.NaN;
  const expires = Number(query.get('X-Amz-Expires'));
  if (Number.isNaN(signed)) throw notProved('it does not say when it was signed');
  if (!Number.isInteger(expires) || expires < 1 || expires > PROOF_SECONDS) {
    throw notProved(`it must be good for 1 to ${PROOF_SECONDS} seconds`);
  }
  const age = (now - signed) / 1000;
  if (age > expires) throw notProved(`it was signed ${Math.round(age)} seconds ago, for ${expires} seconds`);
  if (age < -CLOCKS_DIFFER) throw notProved(`it was signed ${Math.round(-age)} seconds in the future: look at the clock`);
}

/** Users, sessions of roles, federated users and the root user (IAM User Guide, "IAM identifiers"; AWS STS API, GetCallerIdentity). */
const PRINCIPAL = /^arn:(aws[a-z-]*):(?:iam|sts)::(\d{12}):(?:root|(?:user|assumed-role|federated-user)\/[\x21-\x7e]+)$/;

/**
 * The principal in an answer of AWS STS (AWS STS API, GetCallerIdentity). It has to be of the account whose function was called, named by
 * `functionArn`: nobody else can call it, so another account's credentials only show that the caller has those, too.
 * @throws IdentityNotProved
 */
export function principalIn(answer: string, functionArn: string): string {
  const arns = [...answer.matchAll(/<Arn>([^<]{1,2048})<\/Arn>/g)].map((match) => match[1] as string);
  const arn =
    arns.length === 1 ? (arns[0] as string).replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&') : '';
  const [, partition, account] = PRINCIPAL.exec(arn) ?? [];
  const [, ours, , , accountOfOurs] = functionArn.split(':');
  if (!account) throw notProved('AWS STS names no principal for it');
  if (partition === ours && account === accountOfOurs) return arn;
  throw notProved(`it is of ${arn}, and whoever calls is of account ${accountOfOurs}: take the credentials that you call with`);
}

/**
 * Whoever is behind a principal: the name of the user, or of the session. Roles and accounts say nothing: IAM Identity Center names
 * sessions after the person in each of them. Two names may still be one person's where the trust policy of a role lets whoever takes it
 * choose the name of the session.
 */
export function personOf(principal: string): string {
  const [, , , , account, ...rest] = principal.split(':');
  const name = rest.join(':');
  return name === 'root' ? `root of ${account}` : name.slice(name.lastIndexOf('/') + 1).toLowerCase();
}

/** The error for a proof that proves nothing. */
export function notProved(why: string, data: Record<string, unknown> = {}): RolloutError {
  return new RolloutError(
    'IdentityNotProved',
    `The proof of who asks says nothing: ${why}. Nothing was changed. Make a new one, for this very call and with the credentials of the call.`,
    data,
  );
}
