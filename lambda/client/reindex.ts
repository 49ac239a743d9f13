import type { QueryDefinition } from './query-definition';
import type { PlainItem, TransformDefinition } from './transform';

/** How queries of one table move to another index. */
export interface ReindexDefinition<Entry extends PlainItem = PlainItem> {
  /** Names this reindex, in the ledger together with the checksum of its bundle. Change it whenever the functions change. 1 to 128 characters. */
  readonly version: string;
  /**
   * The questions that move, by name: `legacy` asks the old index, or the table, `target` the new one. Both must give the same answer;
   * where the indexes do not project the same attributes, `legacyAnswer` and `targetAnswer` say what the answer is.
   */
  readonly queries: Readonly<Record<string, QueryDefinition<NoInfer<Entry>, NoInfer<Entry>>>>;
}

/**
 * Declares a reindex; the default export of the file given to `Transform.fromEntry` for a `StagedReindex`. It is a transform that leaves
 * every item as it is, and that needs no canaries, because nothing is carried from table to table.
 */
export function defineReindex<Entry extends PlainItem = PlainItem>({
  version,
  queries,
}: ReindexDefinition<Entry>): TransformDefinition<Entry, Entry> {
  return {
    version,
    queries,
    up: (item) => [item],
    down: ([item]) => item,
    legacyKey: (key) => key,
    legacyPartition: (partition) => partition,
    canary: {
      item: () => {
        throw new Error('a reindex has no canaries');
      },
      number: () => undefined,
    },
  };
}
