import { fromWire, toWire } from '../../lambda/adapters/model';
import { canonical, keyOf, keyText, sameContent } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { Position } from '../../lambda/core/position';
import { ScenarioWorld } from '../scenario/scenario-world';
import type { Store } from '../scenario/stores';

/** There, and all the way back, as a soft rollback does. */
const WAY: readonly Position[] = [
  ...(['legacy', 'shadow', 'dual-legacy', 'dual-target', 'target'] as const),
  ...(['dual-target', 'dual-legacy', 'shadow', 'legacy'] as const),
];

type Plain = Record<string, unknown>;

/** What a recipe's migration is tried with. */
export interface Journey {
  readonly model: Model;
  readonly store: Store;
  /** Legacy items, no two of one key, of which those that move become one target item each. */
  readonly items: readonly Plain[];
}

/** One application on its way, and what it knows that it wrote. */
class Traveller {
  /** By the text of the target key. */
  readonly known = new Map<string, Plain>();

  constructor(private readonly world: ScenarioWorld) {}

  private textOf(item: Plain): string {
    return keyText(keyOf(toWire(item), this.world.model.schemas.target));
  }

  key(item: Plain): Plain {
    return fromWire(keyOf(toWire(item), this.world.model.schemas.target));
  }

  learn(item: Plain): void {
    this.known.set(this.textOf(item), item);
  }

  async put(item: Plain): Promise<void> {
    await this.world.application.put(item);
    this.learn(item);
  }

  async remove(item: Plain): Promise<void> {
    await this.world.application.delete(this.key(item));
    this.known.delete(this.textOf(item));
  }

  /** Every item by its key, and every partition, as it knows them. */
  async readsAll(): Promise<boolean> {
    const [partition] = this.world.model.schemas.target;
    const items = [...this.known.values()];
    for (const item of items) if (!same(await this.world.application.get(this.key(item)), item)) return false;
    for (const value of new Set(items.map((item) => item[partition]))) {
      const found = await this.world.application.query({ [partition]: value });
      const wanted = items.filter((item) => item[partition] === value);
      if (canonicalSet(found) !== canonicalSet(wanted)) return false;
    }
    return true;
  }
}

/**
 * Backfills, replicates and reconciles, then goes every position up and back with an application that reads, writes and deletes in each.
 * @throws where the application reads something else than it wrote, or the tables do not agree
 */
export async function travel({ model, store, items }: Journey): Promise<void> {
  const world = await new ScenarioWorld(store, model).begin();
  const moving = (item: Plain) => model.up(toWire(item)).map(fromWire);
  const stay = items.filter((item) => moving(item).length === 0);
  const move = items.flatMap(moving);
  const later = move.splice(0, Math.ceil(move.length / 2));
  const traveller = new Traveller(world);
  for (const item of [...stay, ...move.flatMap((target) => fromWire(model.down([toWire(target)]) ?? {}))]) {
    await store.put('legacy', toWire(item));
  }
  for (const item of move) traveller.learn(item);
  await world.backfill();
  await world.drain();
  if ((await world.reconcile()) > 0) throw new Error('The backfill left something to repair.');

  for (const position of WAY) {
    await world.everyoneIn(position);
    await world.prove('running');
    const next = later.pop();
    if (next) await traveller.put(next);
    const [first, second] = traveller.known.values();
    if (first) await traveller.put({ ...first, changed: position });
    if (second && position === 'target') await traveller.remove(second);
    if (!(await traveller.readsAll())) throw new Error(`In ${position} the application reads something else than it wrote.`);
    await world.drain();
    await requireEqual(world, position);
  }
  await requireKept(world, stay, [...traveller.known.values()]);
}

async function requireEqual(world: ScenarioWorld, position: Position): Promise<void> {
  const [target, expected] = [await world.contents('target'), await world.expected()];
  const differs = [...new Set([...target.keys(), ...expected.keys()])].find((key) => target.get(key) !== expected.get(key));
  if (differs)
    throw new Error(`In ${position} the tables differ at ${differs}: ${target.get(differs)}, ${expected.get(differs)}.`);
}

/** Back in legacy, with every item that stayed as it was. */
async function requireKept(world: ScenarioWorld, stay: readonly Plain[], moved: readonly Plain[]): Promise<void> {
  const legacy = await world.contents('legacy');
  const { model } = world;
  const wanted = [...stay.map(toWire), ...moved.map((item) => model.down([toWire(item)]) ?? {})];
  if (legacy.size !== wanted.length) throw new Error(`Legacy has ${legacy.size} items and not ${wanted.length}.`);
  for (const item of wanted) {
    const key = keyText(keyOf(item, model.schemas.legacy));
    if (legacy.get(key) !== canonical(item)) throw new Error(`Legacy item ${key} is ${legacy.get(key)}.`);
  }
}

function same(found: Plain | undefined, wanted: Plain): boolean {
  return found !== undefined && sameContent(toWire(found), toWire(wanted));
}

function canonicalSet(items: readonly Plain[]): string {
  return items
    .map((item) => canonical(toWire(item)))
    .sort()
    .join('\n');
}
