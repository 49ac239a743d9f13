/** Since when the count of writes without the client has stood still. */
export interface Quiet {
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What a look at the count makes of what the look before found. */
export function quietAfter(known: Quiet | undefined, count: number, now: number): Quiet {
  return known?.count === count ? known : { count, since: now };
}

/** Whole seconds until it has been quiet for so many; 0 when it has. */
export function secondsToQuiet({ since }: Quiet, seconds: number, now: number): number {
  return Math.max(0, Math.ceil(seconds - (now - since) / 1000));
}
