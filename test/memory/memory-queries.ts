import type { PatternPage, PatternQueries, PatternQuery, SortKeyCondition } from '../../lambda/core/access-pattern';
import { RolloutError } from '../../lambda/core/errors';
import { type Attribute, canonical, type Item, type KeySchema } from '../../lambda/core/item';
import type { Side } from '../../lambda/core/position';
import { compareKeys, type MemoryDatabase } from './memory-database';

/** Items of one page. */
const PAGE = 3;

/** Queries of tables in memory, and of indexes whose keys are given by name. An index has the items that have its keys. */
export class MemoryQueries implements PatternQueries {
  asked = 0;

  constructor(
    private readonly database: MemoryDatabase,
    private readonly indexes: Readonly<Record<string, KeySchema>> = {},
  ) {}

  async page(side: Side, query: PatternQuery, after?: Item): Promise<PatternPage> {
    this.asked++;
    await this.database.before('query');
    const schema = query.index === undefined ? this.database.schemas[side] : this.indexes[query.index];
    if (!schema) throw new RolloutError('QueryFailed', `There is no index ${query.index}.`);
    const [, sort] = schema;
    const found = this.database
      .items(side)
      .filter((item) => schema.every((name) => item[name]))
      .filter((item) => Object.entries(query.partition).every(([name, value]) => same(item[name], value)))
      .filter((item) => !query.sort || holds(query.sort, item[query.sort.attribute]));
    if (sort) found.sort((a, b) => compareKeys(a[sort], b[sort]));
    if (query.descending) found.reverse();
    const from = Number((after?.from as { N: string } | undefined)?.N ?? 0);
    const next = from + PAGE < found.length ? { from: { N: String(from + PAGE) } } : undefined;
    return { items: found.slice(from, from + PAGE), next };
  }
}

function same(a: Attribute | undefined, b: Attribute): boolean {
  return a !== undefined && canonical({ a }) === canonical({ a: b });
}

function holds({ is, values: [first, last] }: SortKeyCondition, value: Attribute | undefined): boolean {
  const order = compareKeys(value, first);
  if (is === 'equals') return order === 0;
  if (is === 'below') return order < 0;
  if (is === 'atMost') return order <= 0;
  if (is === 'above') return order > 0;
  if (is === 'atLeast') return order >= 0;
  if (is === 'between') return order >= 0 && compareKeys(value, last) <= 0;
  return (value as { S: string }).S.startsWith((first as { S: string }).S);
}
