import { RolloutError } from './errors';
import type { Event } from './ledger';

/** From where a table is restored as it was before a run. */
export type RestorePoint = { readonly run: string; readonly begun: string } & (
  | { readonly from: 'backup'; readonly backup: string }
  /** Milliseconds since 1970. */
  | { readonly from: 'point-in-time'; readonly at: number }
);

/** DynamoDB restores to a second (Amazon DynamoDB API Reference, RestoreTableToPointInTime): the one before the run began. */
const BEFORE = 1000;

/**
 * The state of the legacy table before a run: the backup of its preflight, which is there for as long as nobody deletes it; for a run
 * that ended before its preflight, or that took none, the moment before it began, which point-in-time recovery knows for up to 35 days.
 * @param run the last one that began, if not given
 * @throws InvalidDecision when there was no such run
 */
export function restorePoint(events: readonly Event[], run?: string): RestorePoint {
  const begun = events.filter(({ kind }) => kind === 'begun');
  const wanted = run === undefined ? begun.at(-1) : begun.find((event) => event.run === run);
  if (!wanted) throw noSuchRun(begun, run);
  const { run: name, at } = wanted;
  const preflight = events.find((event) => event.kind === 'preflight' && event.run === name);
  const backup = preflight?.data.backup;
  if (typeof backup === 'string') return { run: name, begun: at, from: 'backup', backup };
  return { run: name, begun: at, from: 'point-in-time', at: Date.parse(at) - BEFORE };
}

function noSuchRun(begun: readonly Event[], run: string | undefined): RolloutError {
  const runs = begun.map((event) => `${event.run} (begun ${event.at})`).join(', ');
  const what = run === undefined ? 'No run has begun, so there is nothing to go back to' : `There was no run ${run}`;
  return new RolloutError('InvalidDecision', `${what}. ${runs ? `There was ${runs}. ` : ''}Nothing was changed.`, { run });
}
