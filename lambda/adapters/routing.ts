import { RoutingSource } from '../core/routing-source';
import { appConfigDataClient, pollRouting } from './appconfig-data';
import type { Settings } from './environment';

/** The routing table of this process, under its lease. */
export function routingOf(settings: Settings): RoutingSource {
  const poll = pollRouting(appConfigDataClient(), settings);
  return new RoutingSource(
    poll,
    () => performance.now(),
    () => Date.now(),
  );
}

/** What a handler uses of its invocation's context. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds until Lambda ends the process, counted from the start: local AWS may tell the whole time-out at every moment. */
export function remainingOf(invocation: Invocation): () => number {
  const endsAt = performance.now() + invocation.getRemainingTimeInMillis();
  return () => endsAt - performance.now();
}
