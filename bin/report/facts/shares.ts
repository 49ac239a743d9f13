import type { Event } from '../../../lambda/core/ledger';
import { type Run, timeOf } from './run';

/** Where the routing keys stood at a moment: share of all buckets by position, 0 to 1. */
export interface Standing {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly shares: Readonly<Record<string, number>>;
  /** Number of pinned keys by position. */
  readonly pinned: Readonly<Record<string, number>>;
}

type Places = Omit<Standing, 'at'>;

/** Everything that moves: from a release until everybody has it, shares change little by little; in between they stand. */
export function standings({ events, from, to }: Run): Standing[] {
  const moves = events.filter(({ kind }) => kind === 'released');
  const points: Standing[] = [];
  for (const released of moves) {
    const at = timeOf(released);
    const before = (released.data.from as Places | undefined) ?? lastOf(points);
    const end = spreadOf(events, released);
    if (points.length === 0) points.push({ at: Math.min(from, at), ...before });
    points.push({ at, ...before });
    const after = end?.kind === 'reverted' ? before : (released.data.to as Places);
    points.push({ at: end ? timeOf(end) : at, ...after });
  }
  const last = points.at(-1);
  if (last && last.at < to) points.push({ ...last, at: to });
  return points;
}

/** The entry that says what became of a release. */
function spreadOf(events: readonly Event[], { data }: Event): Event | undefined {
  return events.find(
    (event) => (event.kind === 'arrived' || event.kind === 'reverted') && event.data.deployment === data.deployment,
  );
}

function lastOf(points: readonly Standing[]): Places {
  return points.at(-1) ?? { shares: { legacy: 1 }, pinned: {} };
}
