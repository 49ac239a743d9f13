import type { PlainItem, TransformDefinition } from './transform';

/**
 * How items of one table change in place, and back, under the same key. Both functions are pure and synchronous, as those of
 * `TransformDefinition` are.
 */
export interface AmendmentDefinition<Old extends PlainItem = PlainItem, New extends PlainItem = PlainItem> {
  /**
   * Names this amendment, in the ledger together with the checksum of its bundle, and in the stamp of every item in the new form.
   * Change it whenever the functions change. 1 to 128 characters.
   */
  readonly version: string;
  /** An item of the old form to the new one, with the same key. The attribute `_rollout` is reserved. */
  readonly up: (item: NoInfer<Old>) => NoInfer<New>;
  /**
   * And back: `down(up(x))` is `x` for every item of the table, or the rollout stops at it; `up(down(y))` is `y` for every item that
   * the application may write, or the write is refused with `NotRepresentable`.
   */
  readonly down: (item: NoInfer<New>) => NoInfer<Old>;
  /**
   * The text that decides with whom an item moves: hashed into a bucket for percentages, compared with the keys of a cohort.
   * @default the value of the partition key as text; numbers in plain decimals, binary in base64
   */
  readonly routingKey?: (key: PlainItem) => string;
}

/**
 * Declares an amendment; the default export of the file given to `Transform.fromEntry` for a `StagedAmendment`. It is a transform
 * whose groups are single items that keep their key, and that needs no canaries, because nothing is carried from table to table.
 */
export function defineAmendment<Old extends PlainItem = PlainItem, New extends PlainItem = PlainItem>(
  definition: AmendmentDefinition<Old, New>,
): TransformDefinition<Old, New> {
  const { version, up, down, routingKey } = definition;
  return {
    version,
    up: (item) => [up(item)],
    down: ([item]) => item && down(item),
    legacyKey: (key) => key,
    legacyPartition: (partition) => partition,
    ...(routingKey ? { routingKey } : {}),
    canary: {
      item: () => {
        throw new Error('an amendment has no canaries');
      },
      number: () => undefined,
    },
  };
}
