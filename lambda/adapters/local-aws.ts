/** Every difference of the local AWS that this software has to know, and nothing else. AWS is the target. */

/** True when the endpoint that the environment names is on this machine. */
export function isLocalAws(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const url = env.AWS_ENDPOINT_URL;
  if (!url || !URL.canParse(url)) return false;
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

/**
 * The answer to a stream batch of which some records failed. AWS delivers again from the first failed record on; the
 * local AWS does not read the answer, so there the whole batch fails, and is delivered again.
 */
export function reportFailures(sequenceNumbers: readonly string[], local = isLocalAws()) {
  if (local && sequenceNumbers.length > 0)
    throw new Error(`${sequenceNumbers.length} records failed; the batch is delivered again.`);
  return { batchItemFailures: sequenceNumbers.map((itemIdentifier) => ({ itemIdentifier })) };
}
