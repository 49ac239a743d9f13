import { RolloutError } from '../core/errors';
import { type Item, keyText } from '../core/item';
import type { Write } from '../core/ports';
import type { Position } from '../core/position';
import { tokenOf } from '../core/stamp';
import { type Access, ATTEMPTS, backOff, contention, type Routed, route } from './access';
import { beginDualTarget } from './write-dual-target';
import { beginDualLegacy, beginLegacy } from './write-legacy';
import { beginTarget } from './write-target';

/** What the application wants done to one item. */
export interface Intent {
  readonly key: Item;
  /** The item that is to follow on the one found, or undefined to delete it. May be called several times. */
  readonly change: (current: Item | undefined) => Item | undefined;
  /** True when the outcome does not depend on the item found. */
  readonly blind: boolean;
}

/** What is to be written: all of it or nothing, and only if what was read is still so. */
export interface Decision {
  /** None when there is nothing to do. */
  readonly writes: Write[];
  readonly result: Item | undefined;
}

/** One attempt: what was read, and what follows from it under a new token. */
export interface Attempt {
  readonly read: readonly (Item | undefined)[];
  readonly decide: (token: string) => Decision;
}

type Begin = (access: Access, routed: Routed, intent: Intent) => Promise<Attempt>;

const BEGIN: Readonly<Record<Exclude<Position, 'fenced'>, Begin>> = {
  legacy: beginLegacy,
  shadow: beginLegacy,
  'dual-legacy': beginDualLegacy,
  'dual-target': beginDualTarget,
  target: beginTarget,
};

/** Milliseconds between two looks at a fence, more or less. They cost nothing: AppConfig is asked in its own rhythm. */
const FENCE_PAUSE = 200;

/**
 * Changes one item where its group stands, and gives the item that is then there. Each attempt asks for the position
 * anew, and right before the write asks again whether it still holds.
 * @throws OutcomeUnknown, WritesFenced, LeaseExpired, TooMuchContention, NotRepresentable, Diverged, GroupTooLarge, TransformFailed
 */
export async function write(access: Access, intent: Intent): Promise<Item | undefined> {
  const mine = new Map<string, Item | undefined>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const routed = await writable(access, intent.key);
    const { read, decide } = await BEGIN[routed.position](access, routed, intent);
    // An attempt that seemed to fail may have landed, when its answer was lost: it must not be done twice.
    const landed = read.map(tokenOf).find((token) => token !== undefined && mine.has(token));
    if (landed !== undefined) return mine.get(landed);
    const token = access.tokens();
    const { writes, result } = decide(token);
    if (!routed.holds()) continue;
    if (writes.length === 0) return result;
    mine.set(token, result);
    if (await access.database.write(writes)) return result;
    await backOff(access, attempt);
  }
  throw contention('write', intent.key);
}

/** The routing of a key that may be written, after waiting for a fence to open. @throws WritesFenced */
async function writable(access: Access, key: Item): Promise<Routed & { position: keyof typeof BEGIN }> {
  const began = access.clock.now();
  for (;;) {
    const routed = await route(access, key);
    const { position } = routed;
    if (position !== 'fenced') return { ...routed, position };
    if (access.clock.now() - began >= access.fenceWait) throw fenced(key);
    await access.clock.sleep(FENCE_PAUSE * (0.5 + access.random()));
  }
}

function fenced(key: Item): RolloutError {
  return new RolloutError(
    'WritesFenced',
    `Writes to ${keyText(key)} are held while a rollback brings its last changes back to the legacy table. ` +
      'Nothing was written. Try again in some seconds; reads go on.',
    { key: keyText(key), retryable: true },
  );
}
