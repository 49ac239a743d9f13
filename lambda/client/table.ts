import type { Item } from '../core/item';
import type { Access } from './access';
import { plainItem, wireItem, wireItemAt, wireKey } from './codec';
import type { Comparison } from './comparison';
import { query } from './query';
import { read } from './read';
import { write } from './write';

/**
 * The items of the new model, wherever their bytes are at this moment. Reads are strongly consistent. Values are plain
 * JavaScript as `@aws-sdk/util-dynamodb` has them: a number that a double cannot hold exactly is a `NumberValue`, sets
 * are `Set`, binary is `Uint8Array`; undefined attributes are not stored.
 *
 * Every method may throw `LeaseExpired` (AppConfig was out of reach for too long) and `InvalidItem`; the writing ones also
 * `WritesFenced` (try again later), `TooMuchContention`, `NotRepresentable` (the legacy model cannot hold the item),
 * `Diverged` and `GroupTooLarge`. After each of these nothing was written. `OutcomeUnknown` says that nobody can tell: an
 * answer was lost, as with errors of the connection itself. Read before you write again.
 */
export class Table<T extends object, Key extends object = Partial<T>> {
  constructor(
    private readonly access: Access,
    private readonly comparison: Comparison,
  ) {}

  /** The item with this key, or undefined. Attributes beside the key attributes are ignored, in all methods. */
  async get(key: Key): Promise<T | undefined> {
    return this.plain(await read(this.access, this.comparison, this.keyOf(key)));
  }

  /** Stores an item, and replaces the whole item that has its key. */
  async put(item: T): Promise<void> {
    const wire = wireItem(item, this.schema);
    await write(this.access, { key: this.keyOf(item), change: () => wire, blind: true });
  }

  /**
   * Changes an item by what was there, conditional on its still being there, and gives the new item.
   *
   * @param change gets the item, or undefined when there is none, and gives the one that is to be there, or undefined to
   * delete it. It keeps the key, gives its result at once (no promise), and may be called several times: once for each try.
   */
  async update(key: Key, change: (current: T | undefined) => T | undefined): Promise<T | undefined> {
    const wire = this.keyOf(key);
    const changeWire = (current: Item | undefined): Item | undefined => {
      const next = change(this.plain(current));
      return next === undefined ? undefined : wireItemAt(wire, next, this.schema);
    };
    return this.plain(await write(this.access, { key: wire, change: changeWire, blind: false }));
  }

  /** Deletes an item; one that is not there stays so. */
  async delete(key: Key): Promise<void> {
    await write(this.access, { key: this.keyOf(key), change: () => undefined, blind: true });
  }

  /**
   * All items of a partition, by sort key, in memory. While keys are read from the legacy table this needs
   * `legacyPartition` in the transform.
   * @throws InvalidConfiguration without it
   */
  async query(partition: Partial<Key>): Promise<T[]> {
    const key = wireKey(partition, [this.schema[0]]);
    const items = await query(this.access, this.comparison, key);
    return items.map((item) => this.plain(item) as T);
  }

  private get schema() {
    return this.access.model.schemas.target;
  }

  private keyOf(key: object): Item {
    return wireKey(key, this.schema);
  }

  private plain(item: Item | undefined): T | undefined {
    return plainItem(item) as T | undefined;
  }
}
