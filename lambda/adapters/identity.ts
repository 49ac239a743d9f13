import { RolloutError } from '../core/errors';
import { type Claim, type Identities, notProved, type Provable, principalIn, requestOf } from '../core/identity';
import { isLocalAws } from './local-aws';

/** What a handler uses of its invocation's context: its own ARN, with the account that whoever calls is of. */
export interface Invoked {
  readonly invokedFunctionArn: string;
}

/** Milliseconds for one answer of AWS STS: a person waits, or a rollout that has not begun. */
const TIMEOUT = 3000;

/** A request that was lost is sent once more: it only asks. */
const ATTEMPTS = 2;

type Send = typeof fetch;

/** Asks AWS STS who signed a proof. Nothing else is ever asked: `requestOf` says what goes out and where to. */
export class StsIdentities implements Identities {
  constructor(
    private readonly migration: string,
    private readonly functionArn: string,
    private readonly now: () => number,
    private readonly send: Send = fetch,
    private readonly local: string | undefined = isLocalAws() ? process.env.AWS_ENDPOINT_URL : undefined,
  ) {}

  async prove(proof: string, action: Provable): Promise<string> {
    const answer = await this.ask(proof, { migration: this.migration, action });
    return principalIn(answer, this.functionArn);
  }

  private async ask(proof: string, claim: Claim): Promise<string> {
    const { url, headers } = requestOf(proof, claim, this.now(), this.local);
    let why = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        const answer = await this.send(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
        const text = await answer.text();
        if (answer.ok) return text;
        const code = codeOf(text) ?? `status ${answer.status}`;
        if (isRefusal(answer.status, code)) throw notProved(`AWS STS refuses it with ${code}`);
        why = code;
      } catch (error) {
        if (error instanceof RolloutError) throw error;
        why = (error as Error).message;
      }
    }
    throw unavailable(new URL(url).host, why);
  }
}

/** The identities of those who call a function of a migration. */
export function identitiesOf({ migration }: { readonly migration: string }, { invokedFunctionArn }: Invoked): Identities {
  return new StsIdentities(migration, invokedFunctionArn, Date.now);
}

/** AWS STS answers with 400 where there is too much to do (AWS STS API, "Common Errors", ThrottlingException). */
function isRefusal(status: number, code: string): boolean {
  return status >= 400 && status < 500 && status !== 429 && !code.startsWith('Throttling');
}

function codeOf(text: string): string | undefined {
  return /<Code>(\w{1,100})<\/Code>/.exec(text)?.[1];
}

function unavailable(host: string, why: string): RolloutError {
  return new RolloutError(
    'IdentityUnavailable',
    `${host} could not be asked who calls: ${why}. Nothing was changed. Try again, or call without a proof: then the record has only the ` +
      'name that you give.',
    { host },
  );
}
