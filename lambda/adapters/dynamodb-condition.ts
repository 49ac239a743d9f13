import type { Attribute, Item } from '../core/item';
import { sizeOf } from '../core/item-size';
import type { Condition } from '../core/ports';
import { STAMP, tokenOf } from '../core/stamp';

/** A condition as DynamoDB takes it. */
export interface Expression {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, Attribute>;
}

/**
 * Attributes that one condition compares: two operators each, out of 300, and about 17 characters, out of 4 KB
 * (Amazon DynamoDB Developer Guide, "Constraints in Amazon DynamoDB", expression parameters).
 */
const MAX_ATTRIBUTES = 140;

/**
 * The expression for a condition on an item whose partition key attribute is named `partition`. `unchanged` compares the
 * token and, as far as the limits go, the content that was read, small attributes first: what is beyond `valueBytes` or
 * `MAX_ATTRIBUTES` is left to the token. Attributes that were not there when it was read cannot be asked for: a writer
 * without the client that only adds some is not seen here, but in the stream.
 */
export function expressionOf(condition: Condition, partition: string, valueBytes = Number.POSITIVE_INFINITY): Expression {
  if (condition.is === 'absent') {
    return { ConditionExpression: 'attribute_not_exists(#k)', ExpressionAttributeNames: { '#k': partition } };
  }
  const names: Record<string, string> = { '#s': STAMP, '#t': 't' };
  const values: Record<string, Attribute> = {};
  const parts: string[] = [];
  const token = condition.is === 'at' ? condition.token : tokenOf(condition.since);
  if (token === undefined) {
    names['#k'] = partition;
    parts.push('attribute_exists(#k)', 'attribute_not_exists(#s.#t)');
  } else {
    values[':t'] = { S: token };
    parts.push('#s.#t = :t');
  }
  const content = condition.is === 'unchanged' ? comparable(condition.since, valueBytes) : [];
  for (const [index, [name, value]] of content.entries()) {
    names[`#${index}`] = name;
    values[`:${index}`] = value;
    parts.push(`#${index} = :${index}`);
  }
  return {
    ConditionExpression: parts.join(' AND '),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}

function comparable(item: Item, valueBytes: number): [string, Attribute][] {
  let left = valueBytes;
  return Object.entries(item)
    .filter(([name]) => name !== STAMP)
    .map(([name, value]) => ({ name, value, size: sizeOf({ [name]: value }) }))
    .sort((a, b) => a.size - b.size)
    .slice(0, MAX_ATTRIBUTES)
    .filter(({ size }) => {
      left -= size;
      return left >= 0;
    })
    .map(({ name, value }) => [name, value]);
}
