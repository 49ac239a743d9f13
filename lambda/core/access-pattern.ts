import { RolloutError } from './errors';
import { type Attribute, type Item, keyOf } from './item';
import type { Model } from './model';
import type { Side } from './position';

/** What a sort key may be asked to be (DynamoDB API, Query: KeyConditionExpression). */
export const SORT_CONDITIONS = ['equals', 'below', 'atMost', 'above', 'atLeast', 'beginsWith', 'between'] as const;

/** What the sort key of a query must be. */
export interface SortKeyCondition {
  readonly attribute: string;
  readonly is: (typeof SORT_CONDITIONS)[number];
  /** Two for `between`, otherwise one. */
  readonly values: readonly Attribute[];
}

/** A query of one table or of one of its indexes. */
export interface PatternQuery {
  readonly index?: string;
  /** The attributes of the partition key. */
  readonly partition: Item;
  readonly sort?: SortKeyCondition;
  readonly descending: boolean;
  readonly limit?: number;
}

/** What a pattern asks for, and the key of the legacy item that it was taken from. */
export interface Params {
  readonly values: Item;
  readonly from: Item;
}

/** A question that the user's application asks, in the words of either model. */
export interface AccessPattern {
  /** True where the order of the answer matters. */
  readonly ordered: boolean;
  /** Undefined where the item gives no such question. @throws TransformFailed */
  params(legacy: Item): Params | undefined;
  /** @throws TransformFailed */
  query(side: Side, params: Params): PatternQuery;
  /** What the items found come to, in what both sides can say. @throws TransformFailed */
  answer(side: Side, items: readonly Item[], params: Params): readonly Item[];
}

/** One page of a query. */
export interface PatternPage {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined at the end. */
  readonly next?: Item;
}

/** Queries of tables and indexes. The table itself is read consistently. */
export interface PatternQueries {
  /** @throws QueryFailed when DynamoDB refuses the query, as it will the next time */
  page(side: Side, query: PatternQuery, after?: Item): Promise<PatternPage>;
}

/** The patterns of these names. @throws InvalidConfiguration with those that the transform does not have */
export function patternsNamed(model: Model, names: readonly string[]): Map<string, AccessPattern> {
  const missing = names.filter((name) => !model.patterns.has(name));
  if (missing.length === 0) return new Map(names.map((name) => [name, model.patterns.get(name) as AccessPattern]));
  const known = [...model.patterns.keys()].join(', ') || 'none';
  throw new RolloutError(
    'InvalidConfiguration',
    `Gate.queries() names ${missing.join(', ')}, and transform ${model.version} does not have it; its queries are: ${known}. ` +
      'Add it to queries of defineTransform, under a new version, or take the name out of the gate, and deploy again.',
    { missing },
  );
}

/** True for an item of our own, on either side. */
export function isCanary({ schemas, canaryNumber, legacyKey }: Model, side: Side, item: Item): boolean {
  const key = keyOf(item, schemas[side]);
  return canaryNumber(side === 'legacy' ? key : legacyKey(key)) !== undefined;
}
