import { type Attribute, canonical, type Item, type KeySchema, keyOf, keyText } from './item';
import type { Model } from './model';
import { inParallel } from './pace';
import type { Database, ScanPage, ScanRequest } from './ports';

/** What DynamoDB says of a global secondary index. */
export interface IndexFacts {
  readonly name: string;
  /** Key attributes of its table. */
  readonly tableKeys: readonly string[];
  /** Its own key attributes, up to four that partition and four that sort, in order. */
  readonly keys: readonly string[];
  /** Types of its own key attributes. */
  readonly types: Readonly<Record<string, 'S' | 'N' | 'B'>>;
  /** Names of the attributes besides all keys; `all` where every attribute is there. */
  readonly projected: 'all' | readonly string[];
}

/** The entries of an index, which are eventually consistent. */
export interface IndexReader {
  scan(request: ScanRequest): Promise<ScanPage>;
  /**
   * The entry with these key attributes, those of the index and of its table.
   * @throws NotMeasured where too many entries have one index key to find it among them
   */
  entry(key: Item): Promise<Item | undefined>;
}

/** Lookups of entries at a time. */
const LOOKUPS = 10;

/** All key attributes of an entry: an item whose index key changes is another entry. */
export function entryKeys({ tableKeys, keys }: IndexFacts): KeySchema {
  return [...new Set([...tableKeys, ...keys])] as unknown as KeySchema;
}

/**
 * The entry that an item has in an index: none where it lacks an attribute of the index key. One whose key has another type than
 * the index declares is expected all the same: it was there before the index, and DynamoDB left it out silently (Amazon DynamoDB
 * Developer Guide, "Managing Global Secondary Indexes in DynamoDB", type violations).
 */
export function entryOf(index: IndexFacts, item: Item): Item | undefined {
  if (index.keys.some((name) => !item[name])) return undefined;
  return index.projected === 'all' ? item : keyOf(item, [...entryKeys(index), ...index.projected] as unknown as KeySchema);
}

/** True where the index can hold an entry with this key. */
function isPossible({ keys, types }: IndexFacts, key: Item): boolean {
  return keys.every((name) => types[name] !== undefined && isKeyOf(types[name], key[name] as Attribute));
}

function isKeyOf(type: string, value: Attribute): boolean {
  if (!(type in value)) return false;
  return 'S' in value ? value.S !== '' : 'B' in value ? value.B.byteLength > 0 : true;
}

/** Entries as a model whose groups are single items with the same content on both sides. */
export function indexModel(index: IndexFacts): Model {
  const keys = entryKeys(index);
  return {
    version: index.name,
    schemas: { legacy: keys, target: keys },
    up: (entry) => [entry],
    down: ([entry]) => entry,
    legacyKey: (key) => keyOf(key, keys),
    routingKey: keyText,
    legacyPartition: () => undefined,
    canary: () => {
      throw new Error('an index has no canaries');
    },
    canaryNumber: () => undefined,
    patterns: new Map(),
  };
}

/**
 * An index beside its table: `legacy` shows the entries that the items of the table should have, read consistently, `target` those
 * that the index has. So what compares two tables compares both of these.
 * @param table either side of it is the table
 */
export function indexView(table: Database, reader: IndexReader, index: IndexFacts): Database {
  const keys = entryKeys(index);
  const tableKeys = index.tableKeys as unknown as KeySchema;
  const expected = (item: Item | undefined, key: Item) => {
    const entry = item && entryOf(index, item);
    return entry && canonical(keyOf(entry, keys)) === canonical(keyOf(key, keys)) ? [entry] : [];
  };
  const wanted = async (some: Item[]) => {
    const items = await table.getMany(
      'target',
      some.map((key) => keyOf(key, tableKeys)),
    );
    const found = new Map(items.map((item) => [keyText(keyOf(item, tableKeys)), item]));
    return some.flatMap((key) => expected(found.get(keyText(keyOf(key, tableKeys))), key));
  };
  const held = async (some: Item[]) => {
    const entries = await inParallel(LOOKUPS, some, async (key) => (isPossible(index, key) ? reader.entry(key) : undefined));
    return entries.filter((entry) => entry !== undefined);
  };
  const many = (side: 'legacy' | 'target', some: Item[]) => (side === 'legacy' ? wanted(some) : held(some));
  return {
    get: async (side, key) => (await many(side, [key]))[0],
    getMany: many,
    scan: async (side, request) => {
      if (side === 'target') return reader.scan(request);
      const after = request.after && keyOf(request.after, tableKeys);
      const page = await table.scan('target', { ...request, after });
      return { ...page, items: page.items.map((item) => entryOf(index, item)).filter((entry) => entry !== undefined) };
    },
    query: onlyRead,
    write: onlyRead,
    insertAbsent: onlyRead,
  };
}

function onlyRead(): never {
  throw new Error('an index is compared with its table, and nothing is written');
}
