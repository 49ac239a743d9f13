import type { EventKind } from '../core/event-kinds';
import { type Item, keyText } from '../core/item';
import { METRICS } from '../core/names';
import type { StreamRecord } from '../core/replicate';
import { itemToJson } from '../core/wire-json';
import type { Outcome, ReplicatePorts } from './replicate';

/** Keys that one event names; the rest is a number. */
const KEYS_TOLD = 20;

/** Characters of an image in one event: an entry of the ledger is an item of at most 400 KB, in UTF-8. */
const IMAGE_PART = 100_000;

/**
 * Puts what became of a batch into ledger and metrics. Throws when the ledger cannot be written, so that the batch comes
 * again: a number that is too high asks for a look, one that is too low hides something.
 */
export async function keepOnRecord(
  ports: ReplicatePorts,
  records: readonly StreamRecord[],
  settled: readonly Outcome[],
  failure: Outcome | undefined,
): Promise<void> {
  if (failure?.kind === 'failed') logFailure(failure);
  const poison = settled.filter((outcome) => outcome.kind === 'poison');
  const foreign = settled.filter((outcome) => outcome.kind === 'foreign');
  const unadopted = settled.filter((outcome) => outcome.unadopted === true);
  for (const outcome of settled) await keepImage(ports, outcome);
  if (foreign.length > 0) await tell(ports, 'foreign-write', keysOf(foreign));
  for (const { poison: message } of poison) {
    const { side, direction, error, cause } = message;
    await tell(ports, 'poison', { key: keyText(message.key), side, direction, error, cause });
  }
  const divergence = foreign.length + poison.length;
  if (divergence > 0) await ports.ledger.count('divergence', divergence);
  if (poison.length > 0) await ports.ledger.count('poison', poison.length);
  if (unadopted.length > 0) await ports.ledger.count('unadopted', unadopted.length);
  await ports.publish({
    [METRICS.replicationLag]: lagSeconds(ports, records),
    [METRICS.replicationErrors]: failure ? 1 : 0,
    [METRICS.divergence]: divergence,
    [METRICS.poisonRecords]: poison.length,
    [ports.direction === 'forward' ? METRICS.forwardRecords : METRICS.reverseRecords]: settled.length,
    ...(ports.direction === 'forward' ? { [METRICS.unadoptedWrites]: unadopted.length } : {}),
  });
}

/** Without values of the user's: the log says why a batch is delivered again. */
function logFailure({ record, error }: Outcome & { kind: 'failed' }): void {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  console.error(JSON.stringify({ message: 'A change could not be carried over yet.', key: keyText(record.change.key), reason }));
}

/**
 * Keeps an image that would be nowhere else, whole: of a write to the target that legacy cannot take, before a rollback makes
 * the target equal to legacy again; and of a legacy item that a late writer of an immediate rollback overwrote.
 */
async function keepImage(ports: ReplicatePorts, { kind, record, overwrites }: Outcome): Promise<void> {
  const { key, before, after } = record.change;
  if (overwrites && before) await tellImage(ports, key, before);
  if (kind === 'salvaged' || (kind === 'poison' && ports.direction === 'reverse')) await tellImage(ports, key, after);
}

async function tellImage(ports: ReplicatePorts, of: Item, item: Item | undefined): Promise<void> {
  const key = keyText(of);
  if (!item) {
    await tell(ports, 'salvaged', { key, deleted: true });
    return;
  }
  const text = JSON.stringify(itemToJson(item));
  const count = Math.ceil(text.length / IMAGE_PART);
  for (let part = 1; part <= count; part++) {
    const image = text.slice((part - 1) * IMAGE_PART, part * IMAGE_PART);
    await tell(ports, 'salvaged', count === 1 ? { key, image } : { key, image, part, parts: count });
  }
}

async function tell(
  { ledger, routing, direction }: ReplicatePorts,
  kind: EventKind,
  data: Record<string, unknown>,
): Promise<void> {
  const { run, revision } = await routing.current();
  await ledger.append(run, kind, { direction, revision, ...data });
}

function keysOf(outcomes: readonly Outcome[]): { keys: string[]; more: number } {
  const keys = [...new Set(outcomes.map(({ record }) => keyText(record.change.key as Item)))];
  return { keys: keys.slice(0, KEYS_TOLD), more: Math.max(0, keys.length - KEYS_TOLD) };
}

/** Age of the oldest change of the batch. */
function lagSeconds({ now }: ReplicatePorts, records: readonly StreamRecord[]): number {
  const oldest = Math.min(...records.map(({ createdAt }) => createdAt));
  return Math.max(0, (now() - oldest) / 1000);
}
