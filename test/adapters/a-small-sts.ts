import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Secret keys by access key id, with the principal that they are of. */
export interface Known {
  readonly [accessKeyId: string]: { readonly secret: string; readonly arn: string };
}

/**
 * AWS STS as far as GetCallerIdentity goes: it works out the signature of a request anew, from what arrived, as AWS does (AWS General
 * Reference, "Create a signed AWS API request"). `answer` takes the place of its next answer.
 */
export async function aSmallSts(known: Known) {
  const state: { answer?: { status: number; text: string; location?: string }; seen: string[] } = { seen: [] };
  const server = createServer((request, response) => {
    state.seen.push(`${request.method} ${request.url?.split('?')[0]}`);
    const url = new URL(request.url as string, `http://${request.headers.host}`);
    const given = state.answer;
    state.answer = undefined;
    const { status, text, location } = { location: undefined, ...(given ?? identify(url, request.headers as Headers, known)) };
    response.writeHead(status, location ? { location } : {}).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, state, stop: () => new Promise((resolve) => server.close(resolve)) };
}

type Headers = Readonly<Record<string, string>>;

function identify(url: URL, headers: Headers, known: Known) {
  const { 'X-Amz-Credential': credential = '', 'X-Amz-Signature': signature } = Object.fromEntries(url.searchParams);
  const [id, day, region, service] = credential.split('/') as [string, string, string, string];
  const caller = known[id];
  if (!caller) return failure('InvalidClientTokenId');
  let key: Buffer = Buffer.from(`AWS4${caller.secret}`);
  for (const part of [day, region, service, 'aws4_request']) key = hmac(key, part);
  if (hmac(key, textToSign(url, headers)).toString('hex') !== signature) return failure('SignatureDoesNotMatch');
  const answer = `<GetCallerIdentityResult><Arn>${caller.arn}</Arn><UserId>U</UserId><Account>111122223333</Account></GetCallerIdentityResult>`;
  return { status: 200, text: `<GetCallerIdentityResponse>${answer}</GetCallerIdentityResponse>` };
}

function textToSign(url: URL, headers: Headers): string {
  const parameters = Object.fromEntries(url.searchParams);
  const signed = (parameters['X-Amz-SignedHeaders'] as string).split(';');
  const query = Object.keys(parameters)
    .filter((name) => name !== 'X-Amz-Signature')
    .sort()
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(parameters[name] as string)}`);
  const canonical = signed.map((name) => `${name}:${headers[name]}\n`).join('');
  const request = ['GET', url.pathname, query.join('&'), canonical, signed.join(';'), sha256('')].join('\n');
  const scope = (parameters['X-Amz-Credential'] as string).split('/').slice(1).join('/');
  return ['AWS4-HMAC-SHA256', parameters['X-Amz-Date'], scope, sha256(request)].join('\n');
}

function failure(code: string) {
  return { status: 403, text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
