import type { Event } from '../../../lambda/core/ledger';
import { plain } from './cause';
import { type Run, timeOf } from './run';

/** A way back: why, how, and what it came to. */
export interface Rollback {
  readonly mode: string;
  readonly reason: string;
  readonly at: number;
  /** Milliseconds since 1970 at which every key of the user stood in legacy again; undefined while it does not. */
  readonly arrivedAt?: number;
  /** What could not be done at its end, in words. */
  readonly troubles: readonly string[];
  /** Images of items that were kept in the ledger because they would have been nowhere else. */
  readonly salvaged: number;
  /** Whether alarms and metrics came back to where they were; undefined while nobody can say. */
  readonly health?: { readonly isWell: boolean; readonly seconds: number; readonly complaints: readonly string[] };
}

/** The ways back of a run, oldest first. */
export function rollbacksOf({ events }: Run): Rollback[] {
  return events.filter(({ kind }) => kind === 'rollback-begun').map((begun) => rollbackOf(events, begun));
}

function rollbackOf(events: readonly Event[], begun: Event): Rollback {
  const { generation, mode, reason } = begun.data;
  const ours = events.filter(({ data }) => data.generation === generation);
  const arrived = ours.find(({ kind }) => kind === 'rolled-back');
  const health = ours.find(({ kind }) => kind === 'health-restored' || kind === 'health-not-restored');
  const salvaged = events.filter(({ kind, seq, data }) => kind === 'salvaged' && seq > begun.seq && (data.part ?? 1) === 1);
  return {
    ...{ mode: String(mode), reason: plain(String(reason ?? '')), at: timeOf(begun), salvaged: salvaged.length },
    ...(arrived ? { arrivedAt: timeOf(arrived) } : {}),
    troubles: troublesOf(ours),
    ...(health ? { health: healthOf(health) } : {}),
  };
}

/** `failed` and an end without reconciliation say why; canaries that were left behind are named. */
function troublesOf(events: readonly Event[]): string[] {
  const ends = events.filter(({ kind }) => kind === 'failed' || kind === 'rolled-back');
  const texts = ends.flatMap(({ data }) => [data.reason, data.left]).filter((text) => typeof text === 'string');
  return texts.map(plain);
}

function healthOf({ kind, data }: Event): Rollback['health'] {
  const { seconds, complaints } = data as { seconds: number; complaints?: string[] };
  return { isWell: kind === 'health-restored', seconds, complaints: complaints ?? [] };
}
