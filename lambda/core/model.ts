import type { AccessPattern } from './access-pattern';
import type { Item, KeySchema } from './item';

/** The key attributes of both tables. */
export interface Schemas {
  readonly legacy: KeySchema;
  readonly target: KeySchema;
}

/** The part of the legacy table that holds every legacy item behind one target partition. */
export interface LegacyPartition {
  /** The legacy partition key attribute, and the sort key attribute too when one item is meant. */
  readonly key: Item;
}

/**
 * The user's transform over items in wire form, checked and stripped of stamps. One legacy item and the target items
 * made from it are a group; the group is what keeps together in every transaction.
 */
export interface Model {
  readonly version: string;
  readonly schemas: Schemas;
  /** The target items of one legacy item. @throws TransformFailed with the key and the cause */
  up(legacy: Item): Item[];
  /** The legacy item of all target items of one group; undefined when there is none. @throws TransformFailed */
  down(targets: Item[]): Item | undefined;
  /** The key of the legacy item to whose group a target key belongs. */
  legacyKey(targetKey: Item): Item;
  /** The text that is hashed into a bucket and matched against cohorts. */
  routingKey(legacyKey: Item): string;
  /** Where the legacy items of a target partition are; undefined when the transform does not say. */
  legacyPartition(targetPartition: Item): LegacyPartition | undefined;
  /** The n-th canary: a valid legacy item of our own, under a key that no user data has. */
  canary(n: number): Item;
  /** The number of the canary with this legacy key; undefined for the user's own keys. */
  canaryNumber(legacyKey: Item): number | undefined;
  /** True where the transform says how it goes the other way round: one item to one item. */
  readonly isReversible?: boolean;
  /** Questions that the application asks, by name. */
  readonly patterns: ReadonlyMap<string, AccessPattern>;
}
