import { marshall, NumberValueImpl as NumberValue, unmarshall } from '@aws-sdk/util-dynamodb';
import type { PlainItem } from '../client/transform';
import { type Item, normalNumber } from '../core/item';

/**
 * An item in wire form. Undefined attributes are left out, empty texts and binary values stay, numbers keep all their digits.
 * @throws Error for what DynamoDB cannot hold, such as an empty set, NaN or an instance of a class
 */
export function toWire(item: PlainItem): Item {
  // A double beyond the safe integers may still be the exact number that was read; whoever computes with it knows doubles.
  return marshall(adopted(item), { removeUndefinedValues: true, allowImpreciseNumbers: true }) as Item;
}

/** A wire item as plain values: a number that a double cannot hold exactly arrives as `NumberValue`. */
export function fromWire(item: Item): PlainItem {
  return unmarshall(item as Parameters<typeof unmarshall>[0], { wrapNumbers: losslessNumber });
}

function losslessNumber(text: string): number | NumberValue {
  const number = Number(text);
  return Number.isFinite(number) && normalNumber(String(number)) === normalNumber(text) ? number : NumberValue.from(text);
}

/** Makes the `NumberValue` of a transform's own bundle ours: marshalling knows it by its class. */
function adopted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof NumberValue || ArrayBuffer.isView(value)) return value;
  if (isNumberValue(value)) return NumberValue.from(String(value));
  if (Array.isArray(value)) return value.map(adopted);
  if (value instanceof Set) return new Set([...value].map(adopted));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, adopted(inner)]));
}

function isNumberValue(value: object): boolean {
  return 'toAttributeValue' in value && typeof value.toAttributeValue === 'function';
}
