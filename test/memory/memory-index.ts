import { entryKeys, entryOf, type IndexFacts, type IndexReader } from '../../lambda/core/index-view';
import { type Item, keyOf, keyText } from '../../lambda/core/item';
import type { ScanPage, ScanRequest } from '../../lambda/core/ports';
import { bucketOf } from '../../lambda/core/routing-table';
import type { MemoryDatabase } from './memory-database';

/** An index of the target table in memory; `doctored` makes of its entries what it shows. */
export class MemoryIndex implements IndexReader {
  lookups = 0;
  doctored: (entries: Item[]) => Item[] = (entries) => entries;

  constructor(
    private readonly database: MemoryDatabase,
    private readonly index: IndexFacts,
  ) {}

  async scan({ segment, segments }: ScanRequest): Promise<ScanPage> {
    const items = this.entries().filter((entry) => bucketOf(this.textOf(entry)) % segments === segment);
    return { items, units: 1 };
  }

  async entry(key: Item): Promise<Item | undefined> {
    this.lookups++;
    return this.entries().find((entry) => this.textOf(entry) === keyText(key));
  }

  private textOf(entry: Item): string {
    return keyText(keyOf(entry, entryKeys(this.index)));
  }

  private entries(): Item[] {
    const { keys, types } = this.index;
    const fits = (item: Item) => keys.every((name) => Object.keys(item[name] ?? {})[0] === types[name]);
    const entries = this.database.items('target').filter(fits);
    return this.doctored(entries.map((item) => entryOf(this.index, item)).filter((entry) => entry !== undefined));
  }
}
