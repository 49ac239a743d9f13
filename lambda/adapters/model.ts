import type { PlainItem } from '../client/transform';
import { decimalText, type Item, type KeySchema, keyOf, withoutStamp } from '../core/item';
import type { Model, Schemas } from '../core/model';
import { STAMP } from '../core/stamp';
import { accessPatterns } from './access-patterns';
import { fromWire, toWire } from './plain-items';
import { checked } from './transform-definition';
import { UserFunctions } from './user-functions';

export { fromWire, toWire } from './plain-items';

/**
 * The core's model of a user's transform: over wire items, without stamps, checked. Its functions throw `TransformFailed`
 * with the key and the cause, and `TransformImpure` when the user's function reached for a clock or randomness.
 * @throws InvalidConfiguration when the definition is not one
 */
export function modelFrom(definition: unknown, schemas: Schemas): Model {
  const d = checked(definition);
  const user = new UserFunctions(d.version);
  const canaryNumber = (legacyKey: Item) => {
    return user.call('canary.number', legacyKey, () => numberOrNone(d.canary.number(fromWire(keyOf(legacyKey, schemas.legacy)))));
  };
  const up = (legacy: Item) => {
    const key = keyOf(legacy, schemas.legacy);
    return user.call('up', key, () =>
      list(d.up(fromWire(withoutStamp(legacy)))).map((item) => wireWithKeys(item, schemas.target)),
    );
  };
  return {
    version: d.version,
    schemas,
    up,
    down: (targets) => {
      const key = keyOf(targets[0] ?? {}, schemas.target);
      return user.call('down', key, () => {
        const legacy = d.down(targets.map((target) => fromWire(withoutStamp(target))));
        return legacy === undefined || legacy === null ? undefined : wireWithKeys(legacy, schemas.legacy);
      });
    },
    legacyKey: (target) => {
      const key = keyOf(target, schemas.target);
      return user.call('legacyKey', key, () => keyOf(wireWithKeys(d.legacyKey(fromWire(key)), schemas.legacy), schemas.legacy));
    },
    routingKey: (legacy) => {
      const key = keyOf(legacy, schemas.legacy);
      return d.routingKey
        ? user.call('routingKey', key, () => text(d.routingKey?.(fromWire(key))))
        : partitionText(key, schemas.legacy);
    },
    legacyPartition: (partition) => {
      const of = d.legacyPartition;
      if (!of) return undefined;
      const [first] = schemas.legacy;
      return user.call('legacyPartition', partition, () => ({
        key: keyOf(wireWithKeys(of(fromWire(partition)), [first]), schemas.legacy),
      }));
    },
    canary: (n) => {
      const item = user.call('canary.item', { n: { N: String(n) } }, () => wireWithKeys(d.canary.item(n), schemas.legacy));
      const key = keyOf(item, schemas.legacy);
      if (canaryNumber(key) === n) return item;
      throw user.failed('canary.number', key, new Error(`it is the key of canary ${n}, and gives ${canaryNumber(key)}`));
    },
    canaryNumber,
    isReversible: d.targetKey !== undefined,
    patterns: accessPatterns(d, user, { schemas, up }),
  };
}

function list(items: unknown): PlainItem[] {
  if (Array.isArray(items)) return items;
  throw new Error(`it gave ${kind(items)} and not an array of items`);
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error(`it gave ${kind(value)} and not a text`);
}

function numberOrNone(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new Error(`it gave ${kind(value)} and not a whole number from 0 on, or undefined`);
}

/** The item in wire form, with all of its key. */
function wireWithKeys(item: unknown, schema: KeySchema): Item {
  if (typeof item !== 'object' || item === null || item instanceof Promise)
    throw new Error(`it gave ${kind(item)} and not an item`);
  const wire = toWire(item);
  const missing = schema.filter((name) => !isKeyValue(wire[name]));
  if (missing.length > 0)
    throw new Error(
      `it gave an item without the key attribute ${missing.join(', ')}, which must be a text, a number or binary, and not empty`,
    );
  if (STAMP in wire) throw new Error(`it gave an item with the reserved attribute ${STAMP}`);
  return wire;
}

function isKeyValue(value: Item[string] | undefined): boolean {
  if (!value) return false;
  if ('S' in value) return value.S !== '';
  if ('B' in value) return value.B.byteLength > 0;
  return 'N' in value;
}

function kind(value: unknown): string {
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function partitionText(legacyKey: Item, schema: KeySchema): string {
  const value = legacyKey[schema[0]] ?? { S: '' };
  if ('N' in value) return decimalText(value.N);
  if ('B' in value) return Buffer.from(value.B).toString('base64');
  return 'S' in value ? value.S : '';
}
