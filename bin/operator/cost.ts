import { PRICES } from '../../lambda/core/prices';
import type { Manifest } from '../../lib/operations/manifest';
import type { Leg } from './itinerary';

/** A table as DynamoDB tells it, up to six hours late. */
export interface TableSize {
  readonly items: number;
  readonly bytes: number;
}

/** What one thing costs. */
export interface CostLine {
  readonly what: string;
  /** How much of it, for people. */
  readonly amount: string;
  /** US dollars. */
  readonly dollars: number;
}

/** What a run costs, about. */
export interface Estimate {
  readonly lines: readonly CostLine[];
  readonly total: number;
  /** What it rests on. */
  readonly basis: string;
}

/** Bytes that the stamp adds to an item. */
const STAMP = 75;
/** Bytes of a read unit, of which a scan takes half a one, and of a write unit. */
const READ_UNIT = 4096;
const WRITE_UNIT = 1024;
/** Target items that a worker writes in a second, and items that it scans: low, so that the estimate is high. */
const WRITES = 500;
const SCANS = 5000;
/** GiB of a worker, and of the task that looks. */
const WORKER = 1;
const LOOKER = 0.5;
/** Seconds of one observation, or one minute's sample: a heartbeat and some reads. */
const LOOK = 6;
/** State transitions of a slice in one phase, of a release with its barrier and proofs, and of an observation. */
const OF_SLICE = 4;
const OF_RELEASE = 20;
const OF_LOOK = 4;

/**
 * What a run costs by list prices on demand, without what the application's own traffic costs: live changes are carried over at two
 * write units and more, and clients ask AppConfig four times a minute. `fanOut`: target items of one legacy item.
 */
export function costOf(manifest: Manifest, legs: readonly Leg[], size: TableSize, fanOut = 1): Estimate {
  const seconds = legs.reduce((sum, leg) => sum + leg.seconds, 0);
  const looks = legs.reduce((sum, { bake }) => sum + Math.ceil(bake / manifest.tick), 0);
  const { reads, writes, scanned } = unitsOf(manifest, size, fanOut);
  const phases = passesOf(manifest) * 2 + 1;
  const slices = Math.max(1, Math.ceil(size.items / manifest.backfill.itemsPerSlice));
  const transitions =
    slices * phases * OF_SLICE + legs.reduce((sum, { releases }) => sum + releases, 0) * OF_RELEASE + looks * OF_LOOK;
  const working = (writes / WRITES + scanned / SCANS) * WORKER;
  const looking = (looks + seconds / 60) * LOOK * LOOKER;
  const lines: CostLine[] = [
    { what: 'DynamoDB writes', amount: `${whole(writes)} write units`, dollars: (writes / 1e6) * PRICES.writeMillion },
    { what: 'DynamoDB reads', amount: `${whole(reads)} read units`, dollars: (reads / 1e6) * PRICES.readMillion },
    {
      what: 'Lambda',
      amount: `${whole(working + looking)} GB-seconds`,
      dollars: (working + looking) * PRICES.lambdaGigabyteSecond,
    },
    {
      what: 'Step Functions',
      amount: `${whole(transitions)} transitions`,
      dollars: (transitions / 1e6) * PRICES.transitionsMillion,
    },
  ];
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
  const basis = `list prices of ${PRICES.region}, ${PRICES.asOf}, for ${whole(size.items)} items of ${whole(size.bytes)} bytes in all, ${fanOut} target items each; live traffic not counted`;
  return { lines, total, basis };
}

/** Every scan of a side: the backfill's of legacy, and those of each comparison, of both sides. */
function unitsOf(manifest: Manifest, { items, bytes }: TableSize, fanOut: number) {
  const targets = items * fanOut;
  const targetBytes = bytes + targets * STAMP;
  const passes = passesOf(manifest);
  if (manifest.kind === 'reindex')
    return { writes: 0, reads: (passes * (bytes * 2)) / READ_UNIT / 2, scanned: passes * items * 2 };
  const each = Math.ceil(targetBytes / Math.max(1, targets) / WRITE_UNIT);
  if (manifest.kind === 'amend') return { writes: items * each, reads: (2 * bytes) / READ_UNIT / 2, scanned: 2 * items };
  const scans = bytes + passes * (bytes + targetBytes);
  return { writes: targets * each, reads: scans / READ_UNIT / 2, scanned: items + passes * (items + targets) };
}

/** Comparisons of both sides: before the first stage, at the end of stages that ask for one, and before the change is ended. */
function passesOf({ stages, kind }: Manifest): number {
  if (kind === 'amend') return 0;
  return (
    1 +
    stages.filter(({ checks }) => checks.comparison || (checks.indexes ?? []).length > 0).length +
    (kind === 'rehydrate' ? 1 : 0)
  );
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
