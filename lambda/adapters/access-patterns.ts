import type { QueryDefinition, TableQuery } from '../client/query-definition';
import type { PlainItem, TransformDefinition } from '../client/transform';
import { type AccessPattern, type PatternQuery, SORT_CONDITIONS, type SortKeyCondition } from '../core/access-pattern';
import { type Attribute, type Item, keyOf, withoutStamp } from '../core/item';
import type { Model } from '../core/model';
import type { Side } from '../core/position';
import { fromWire, toWire } from './plain-items';
import type { UserFunctions } from './user-functions';

/** The user's queries over wire items. What one throws comes out as `TransformFailed` with the legacy item it was asked for. */
export function accessPatterns(
  { queries = {} }: TransformDefinition,
  user: UserFunctions,
  model: Pick<Model, 'schemas' | 'up'>,
): Map<string, AccessPattern> {
  return new Map(Object.entries(queries).map(([name, definition]) => [name, patternOf(name, definition, user, model)]));
}

function patternOf(
  name: string,
  definition: QueryDefinition,
  user: UserFunctions,
  { schemas, up }: Pick<Model, 'schemas' | 'up'>,
): AccessPattern {
  const call = <T>(what: string, from: Item, run: () => T) => user.call(`queries.${name}.${what}`, from, run);
  return {
    ordered: definition.ordered ?? false,
    params: (legacy) => {
      const from = keyOf(legacy, schemas.legacy);
      const values = call('of', from, () => {
        const params = definition.of(fromWire(withoutStamp(legacy)));
        return params === undefined || params === null ? undefined : toWire(object(params));
      });
      return values && { values, from };
    },
    query: (side, { values, from }) => call(side, from, () => wireQuery(definition[side](fromWire(values)))),
    answer: (side, items, { values, from }) => {
      const own = answerOf(definition, side);
      if (!own) return side === 'legacy' ? items.flatMap(up) : items.map(withoutStamp);
      const found = items.map((item) => fromWire(withoutStamp(item)));
      return call(`${side}Answer`, from, () => list(own(found, fromWire(values))).map((item) => toWire(object(item))));
    },
  };
}

function answerOf({ legacyAnswer, targetAnswer }: QueryDefinition, side: Side) {
  return side === 'legacy' ? legacyAnswer : targetAnswer;
}

/** The query in wire form. @throws Error that says what is wrong with it */
function wireQuery(given: TableQuery): PatternQuery {
  const { index, partition, sort, descending = false, limit } = object(given) as TableQuery;
  const key = toWire(object(partition));
  if (Object.keys(key).length === 0) throw new Error('its partition has no value');
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1))
    throw new Error('its limit is not a whole number from 1 on');
  return {
    partition: key,
    descending,
    ...(index === undefined ? {} : { index }),
    ...(sort === undefined ? {} : { sort: sortCondition(sort) }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function sortCondition(sort: NonNullable<TableQuery['sort']>): SortKeyCondition {
  const conditions = Object.entries(sort).flatMap(([attribute, condition]) =>
    SORT_CONDITIONS.filter((is) => condition[is] !== undefined).map((is) => ({ attribute, is, value: condition[is] })),
  );
  const [only] = conditions;
  if (!only || conditions.length > 1) throw new Error(`its sort has not one condition: ${SORT_CONDITIONS.join(', ')}`);
  const { attribute, is, value } = only;
  const values = (is === 'between' ? list(value) : [value]).map((one) => toWire({ one }).one as Attribute);
  if (is === 'between' && values.length !== 2) throw new Error('between needs two bounds');
  return { attribute, is, values };
}

function list(value: unknown): PlainItem[] {
  if (Array.isArray(value)) return value;
  throw new Error('it gave no array');
}

function object(value: unknown): PlainItem {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise)) return value;
  throw new Error('it gave what is no plain object');
}
