import type { Ledger } from '../core/ledger';
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

/** What was written down last, in the note `released`: the trail may be long, and a release waits for nothing. */
interface Noted {
  readonly run: string;
  readonly generation: number;
  readonly deployment: number;
  readonly to: Places;
  /** What became of it, once that is written down. */
  readonly spread?: 'arrived' | 'reverted';
}

const NOTE = 'released';

/**
 * Writes down a release that moves keys of the user: from and to which positions, as shares of all buckets. What only our canaries see
 * is left out. A release before the entry was written comes here again, without what was deployed before it; one that breaks off in
 * between may be written down twice. A record that cannot be made holds no release up, and no way back.
 */
export async function recordRelease(ledger: Ledger, { run, generation, deployment, table, before }: Released): Promise<void> {
  await attempted(async () => {
    const to = placesOf(table);
    const from = before && placesOf(before);
    const last = (await ledger.note(NOTE)) as Noted | undefined;
    if (last?.deployment === deployment || isSame(from ?? last?.to ?? ALL_LEGACY, to)) return;
    const data = { generation, deployment, revision: table.revision, ...(from ? { from } : {}), to };
    await ledger.append(run, 'released', data);
    await ledger.saveNote(NOTE, { run, generation, deployment, to });
  });
}

/** Writes down that everybody has a release, or that AppConfig took it back, if it is on record. */
export async function recordSpread(
  ledger: Ledger,
  deployment: number,
  spread: 'arrived' | 'reverted',
  more: { readonly reason?: string } = {},
): Promise<void> {
  await attempted(async () => {
    const last = (await ledger.note(NOTE)) as Noted | undefined;
    if (last?.deployment !== deployment || last.spread) return;
    await ledger.append(last.run, spread, { generation: last.generation, deployment, ...more });
    await ledger.saveNote(NOTE, { ...last, spread });
  });
}

async function attempted(record: () => Promise<void>): Promise<void> {
  try {
    await record();
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    console.warn(JSON.stringify({ message: 'A release could not be written down.', reason }));
  }
}

/** Shares by position, and how many pinned keys stand at each. */
type Places = { readonly shares: Readonly<Record<string, number>>; readonly pinned: Readonly<Record<string, number>> };

function placesOf(table: RoutingTable): Places {
  const pinned: Record<string, number> = {};
  for (const { position } of table.pins) pinned[position] = (pinned[position] ?? 0) + 1;
  return { shares: Object.fromEntries(sharesOf(table)), pinned };
}

/** Where keys stand before the first release. */
const ALL_LEGACY: Places = { shares: { legacy: 1 }, pinned: {} };

function isSame(a: Places, b: Places): boolean {
  return sorted(a) === sorted(b);
}

function sorted({ shares, pinned }: Places): string {
  return JSON.stringify([shares, pinned].map((counts) => Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))));
}
