import type { Event, Ledger } from '../core/ledger';
import { recordOnce } from '../core/record-once';
import type { RoutingTable } from '../core/routing-table';
import { sharesOf } from '../core/shares';

/** A deployment of a run and the table that it delivers; `before` is the one that was deployed, where that is still known. */
export interface Released {
  readonly run: string;
  readonly generation: number;
  readonly deployment: number;
  readonly table: RoutingTable;
  readonly before?: RoutingTable;
}

/**
 * Writes down a release that moves keys of the user, once: from and to which positions, as shares of all buckets. What only our
 * canaries see is left out. A release before the entry was written comes here again, without what was deployed before it.
 */
export async function recordRelease(ledger: Ledger, { run, generation, deployment, table, before }: Released): Promise<void> {
  const to = placesOf(table);
  const from = before && placesOf(before);
  if (isSame(from ?? (await lastPlaces(ledger)), to)) return;
  const data = { generation, deployment, revision: table.revision, ...(from ? { from } : {}), to };
  await recordOnce(ledger, run, 'released', data, (event) => event.data.deployment === deployment);
}

/** Writes down that everybody has a release, or that AppConfig took it back, if it is on record. */
export async function recordSpread(
  ledger: Ledger,
  deployment: number,
  kind: 'arrived' | 'reverted',
  more: { readonly reason?: string } = {},
): Promise<void> {
  const released = (await ledger.events()).find((event) => isReleaseOf(event, deployment));
  if (!released) return;
  const data = { generation: released.data.generation, deployment, ...more };
  await recordOnce(ledger, released.run, kind, data, (event) => event.data.deployment === deployment);
}

function isReleaseOf({ kind, data }: Event, deployment: number): boolean {
  return kind === 'released' && data.deployment === deployment;
}

/** Shares by position, and how many pinned keys stand at each. */
type Places = { readonly shares: Readonly<Record<string, number>>; readonly pinned: Readonly<Record<string, number>> };

function placesOf(table: RoutingTable): Places {
  const pinned: Record<string, number> = {};
  for (const { position } of table.pins) pinned[position] = (pinned[position] ?? 0) + 1;
  return { shares: Object.fromEntries(sharesOf(table)), pinned };
}

/** Where the last release on record left the keys; before the first one all are in legacy. */
async function lastPlaces(ledger: Ledger): Promise<Places> {
  const last = (await ledger.events()).findLast(({ kind }) => kind === 'released');
  return (last?.data.to as Places | undefined) ?? { shares: { legacy: 1 }, pinned: {} };
}

function isSame(a: Places, b: Places): boolean {
  return sorted(a) === sorted(b);
}

function sorted({ shares, pinned }: Places): string {
  return JSON.stringify([shares, pinned].map((counts) => Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))));
}
