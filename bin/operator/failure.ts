/** How the command line ends. Contract. */
export const EXIT = {
  /** Done. */
  done: 0,
  /** Something that nobody expected. */
  failed: 1,
  /** The command was not understood. Nothing was tried. */
  usage: 2,
  /** Refused; nothing was changed. */
  refused: 3,
  /** AWS could not be asked: credentials, permission, region, network. */
  unreachable: 4,
  /** An honest no: a ledger that was tampered with, tables that differ, a drill or a run that failed. */
  no: 5,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a person can mend, in one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly exit: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

/** The command was not understood. */
export function misused(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}

/** It is refused; nothing was changed. */
export function refused(message: string): CommandError {
  return new CommandError(EXIT.refused, message);
}

const CREDENTIALS =
  /CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|TokenProviderError|Expired/;
const NETWORK = /ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|TimeoutError|NetworkingError/;

/** What failed, as something that a person can mend where it is one; anything else as it is. */
export function told(error: unknown): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error;
  const { name, message } = error;
  const code = (error as { code?: string }).code ?? '';
  const unreachable = (text: string) => new CommandError(EXIT.unreachable, text);
  if (message.includes('Region is missing')) return unreachable('No region is set. Give --region, or set AWS_REGION.');
  if (CREDENTIALS.test(name)) {
    return unreachable(`AWS does not take the credentials (${message}). Sign in again, or name others with --profile.`);
  }
  if (/AccessDenied|NotAuthorized/.test(name)) {
    return unreachable(`AWS does not permit it: ${message}. Whoever gives roles can grant it: see docs/access.md.`);
  }
  if (NETWORK.test(`${name} ${code} ${message}`)) {
    const where = process.env.AWS_ENDPOINT_URL ? ` at ${process.env.AWS_ENDPOINT_URL}` : '';
    return unreachable(
      `AWS${where} does not answer (${code || name}). Look at the network and at AWS_ENDPOINT_URL, then try again.`,
    );
  }
  return error;
}

/** The cause of a failed task is what its function answered. */
export function messageOf(cause = ''): string {
  try {
    return (JSON.parse(cause) as { errorMessage?: string }).errorMessage ?? cause;
  } catch {
    return cause;
  }
}
