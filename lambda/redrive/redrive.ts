import type { Publish } from '../core/control';
import { expected } from '../core/group';
import { type Identities, whoAsks } from '../core/identity';
import { type Item, keyOf, keyText } from '../core/item';
import type { Ledger } from '../core/ledger';
import type { Model } from '../core/model';
import { METRICS } from '../core/names';
import { permitFor } from '../core/permit';
import { decodePoison, type GivenUp, type Poison, type Queue, type ReadBatch } from '../core/poison';
import type { Database } from '../core/ports';
import { authorityOf, type Side } from '../core/position';
import type { RoutingSource } from '../core/routing-source';
import { settleForward, settleReverse } from '../core/settle';
import type { Tokens } from '../core/stamp';
import { problemsOfAuthor, requireSound, type Statement } from '../core/statement';
import { replicate } from '../replicate/replicate';

/** No further message is begun when less time is left, in milliseconds. */
const SPARE_MILLISECONDS = 20_000;

export interface RedrivePorts {
  readonly identities: Identities;
  readonly database: Database;
  readonly model: Model;
  readonly tokens: Tokens;
  readonly routing: RoutingSource;
  readonly ledger: Ledger;
  /** Changes that failed for good. */
  readonly poison: Queue;
  /** Batches that an event source gave up on. */
  readonly givenUp: Queue;
  readonly readBatch: ReadBatch;
  /** ARNs of both streams. */
  readonly streams: Readonly<Record<Side, string>>;
  readonly publish: Publish;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds until the process ends. */
  readonly remaining: () => number;
}

export interface Redriven {
  /** Keys that are equal on both sides now. */
  readonly settled: number;
  /** Messages that are still in the queue. */
  readonly remaining: number;
  /** Messages without a key to settle: the ledger says of each that a reconciliation is needed. */
  readonly reported: number;
}

/**
 * Settles every key of both queues again, from whichever side is in authority by now: what the message said of the data is
 * not used. A message goes when its keys are equal on both sides; what fails again stays and comes back. Where there was anything to
 * settle, the ledger says who had it done.
 * @throws InvalidDecision; IdentityNotProved; IdentityUnavailable
 */
export async function redrive(ports: RedrivePorts, said: Partial<Statement> = {}): Promise<Redriven> {
  requireSound(problemsOfAuthor(said));
  const who = await whoAsks(ports.identities, said, 'redrive');
  const { run } = await ports.routing.current();
  const tallies = [await drain(ports, ports.givenUp), await drain(ports, ports.poison)];
  const sum = (name: keyof Redriven) => tallies.reduce((total, tally) => total + tally[name], 0);
  const redriven = { settled: sum('settled'), remaining: sum('remaining'), reported: sum('reported') };
  if (redriven.settled + redriven.remaining + redriven.reported === 0) return redriven;
  const { reason, by } = said;
  await ports.ledger.append(run, 'redriven', { ...redriven, ...(reason ? { reason } : {}), ...(by ? { by } : {}) }, who);
  return redriven;
}

async function drain(ports: RedrivePorts, queue: Queue): Promise<Redriven> {
  const tally = { settled: 0, reported: 0 };
  const failed = new Map<string, string>();
  while (ports.remaining() > SPARE_MILLISECONDS) {
    const messages = (await queue.receive()).filter(({ text }) => !failed.has(text));
    if (messages.length === 0) break;
    for (const { text, receipt } of messages) {
      const result = await handle(ports, text);
      if (result === 'failed') failed.set(text, receipt);
      else {
        tally[result]++;
        await queue.remove(receipt);
      }
    }
  }
  const waiting = await queue.waiting();
  // Only now, or the loop would meet them again.
  for (const receipt of failed.values()) await queue.putBack(receipt);
  return { ...tally, remaining: failed.size + waiting };
}

async function handle(ports: RedrivePorts, text: string): Promise<'settled' | 'failed' | 'reported'> {
  const message = decodePoison(text);
  if (!message) return 'failed';
  try {
    if ('givenUp' in message) return await carryBatch(ports, message.givenUp);
    if (await settle(ports, message.poison)) return 'settled';
    const { side, direction, error } = message.poison;
    return await report(ports, { side, direction, error, key: keyText(message.poison.key) });
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    console.warn(JSON.stringify({ message: 'A poison record still fails.', reason }));
    return 'failed';
  }
}

/**
 * The stream keeps changes for a day: until then a batch can be read again, and its changes go the way of all changes. They
 * are old, which is known by now: their age is not published as lag, or it would take back the rollout that this mends.
 */
async function carryBatch(ports: RedrivePorts, batch: GivenUp): Promise<'settled' | 'failed' | 'reported'> {
  const records = await ports.readBatch(batch);
  if (!records) return reportGivenUp(ports, batch);
  const direction = batch.streamArn === ports.streams.legacy ? 'forward' : 'reverse';
  const publish: Publish = ({ [METRICS.replicationLag]: _, ...values }) => ports.publish(values);
  const failed = await replicate({ ...ports, direction, publish }, records);
  return failed === undefined ? 'settled' : 'failed';
}

/** False when the target is in authority and no target key can be found to settle from. */
async function settle(ports: RedrivePorts, { side, key, candidates }: Poison): Promise<boolean> {
  const { database, model, tokens, routing, remaining } = ports;
  const legacyKey = side === 'legacy' ? key : model.legacyKey(key);
  const { position, mayWrite } = await permitFor(routing, model, legacyKey, remaining);
  const settling = { database, model, tokens, mayWrite };
  if (authorityOf(position) === 'legacy') {
    await settleForward(settling, legacyKey, candidates);
    return true;
  }
  const targetKey = side === 'target' ? key : await anyTargetKey(ports, legacyKey, candidates);
  if (!targetKey) return false;
  await settleReverse(settling, targetKey);
  return true;
}

async function anyTargetKey({ database, model }: RedrivePorts, legacyKey: Item, candidates: readonly Item[]) {
  if (candidates[0]) return candidates[0];
  const [item] = expected(model, await database.get('legacy', legacyKey)).values();
  return item && keyOf(item, model.schemas.target);
}

/** These changes are out of the stream, too: they are lost to replication, so they count as divergence until a reconciliation. */
async function reportGivenUp(ports: RedrivePorts, givenUp: GivenUp): Promise<'reported'> {
  await report(ports, { ...givenUp });
  await ports.ledger.count('divergence', givenUp.batchSize);
  await ports.publish({ [METRICS.divergence]: givenUp.batchSize });
  return 'reported';
}

async function report({ ledger, routing }: RedrivePorts, data: Record<string, unknown>): Promise<'reported'> {
  const { run } = await routing.current();
  await ledger.append(run, 'reconciliation-needed', data);
  return 'reported';
}
