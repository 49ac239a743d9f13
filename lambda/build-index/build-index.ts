import type { Clock, Indexes } from '../core/control';
import { RolloutError } from '../core/errors';
import type { IndexDefinition } from '../core/index-definition';
import type { Event, Ledger } from '../core/ledger';
import { recorded, recordOnce } from '../core/record-once';

export interface BuildIndexPorts {
  readonly ledger: Ledger;
  readonly indexes: Indexes;
  readonly clock: Clock;
}

export interface BuildIndexInput {
  readonly run: string;
  readonly generation: number;
  readonly index: string;
  /** What it is, where the rollout makes it. */
  readonly create?: IndexDefinition;
}

/** Seconds until the next look; 0 when the index is filled. */
export interface BuildIndexResult {
  readonly wait: number;
}

/** Seconds between two looks: a large table takes days, and a history has 25,000 events at most. */
const FIRST_LOOK = 15;
const LAST_LOOK = 1800;
/** A look after so much more of the time that it took until now. */
const SHARE = 0.05;

/**
 * Waits until an index is there and filled, and makes it where the rollout has to. A second call while it is being made waits.
 * @throws LeaseLost; PreflightFailed where it is not there and nobody makes it, or has other keys than it should
 */
export async function buildIndex({ ledger, indexes, clock }: BuildIndexPorts, input: BuildIndexInput): Promise<BuildIndexResult> {
  const { run, generation, index, create } = input;
  await ledger.hold(generation);
  const all = await indexes.list();
  const found = all.find(({ name }) => name === index);
  if (create && found && !isAsked(found.keys, create)) throw otherKeys(index, found.keys, create);
  if (found?.status === 'ACTIVE') {
    await recordOnce(ledger, run, 'index-built', { index, keys: found.keys });
    return { wait: 0 };
  }
  if (!found && !create) {
    throw notThere(
      index,
      all.map(({ name }) => name),
    );
  }
  if (!found && create) await indexes.create(index, create);
  await recordOnce(ledger, run, 'index-awaited', { index, status: found?.status ?? 'CREATING' });
  const { at } = (await recorded(ledger, run, 'index-awaited')) as Event;
  const elapsed = (clock.now() - Date.parse(at)) / 1000;
  return { wait: Math.round(Math.min(LAST_LOOK, Math.max(FIRST_LOOK, elapsed * SHARE))) };
}

function isAsked(keys: readonly string[], { keys: asked }: IndexDefinition): boolean {
  return keys.join() === asked.map(({ name }) => name).join();
}

function notThere(index: string, others: readonly string[]): RolloutError {
  return new RolloutError(
    'PreflightFailed',
    `The table has no global secondary index ${index}; it has ${others.join(', ') || 'none'}. Add it to the construct of the table and ` +
      'deploy, or give `create` for a table that is imported, and start again. Nothing was changed.',
    { index, others },
  );
}

function otherKeys(index: string, keys: readonly string[], { keys: asked }: IndexDefinition): RolloutError {
  const wanted = asked.map(({ name }) => name).join(', ');
  return new RolloutError(
    'PreflightFailed',
    `The global secondary index ${index} is there with the keys ${keys.join(', ')}, and not with ${wanted}. Give the new one another ` +
      'name. Nothing was changed.',
    { index, keys },
  );
}
