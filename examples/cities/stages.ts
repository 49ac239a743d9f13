/** Well-known cities that move first: Berlin, Paris, Tokyo, Sao Paulo. */
export const PILOTS: readonly string[] = ['2950159', '2988507', '1850147', '3448439'];

/** How long each stage is watched before the next one, in seconds: for real, in a rehearsal, and in one of what takes minutes to see. */
export const BAKES = {
  shadow: { real: 24 * 3600, rehearsed: 5 },
  pilot: { real: 4 * 3600, rehearsed: 5 },
  quarter: { real: 24 * 3600, rehearsed: 10, watched: 420 },
  full: { real: 7 * 24 * 3600, rehearsed: 10 },
} as const;

/** What the application asks, by its name in the transform. */
export const QUERIES: readonly string[] = ['citiesOfCountry', 'city'];

/** Who has to approve the last stage. */
export const APPROVER = 'operator';

/** What the application tells CloudWatch of itself. */
export const APPLICATION = { Namespace: 'Cities', latency: 'Latency', errors: 'Errors' } as const;
