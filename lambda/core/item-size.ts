import type { Attribute, Item } from './item';

/** The largest item that DynamoDB stores, in bytes (Amazon DynamoDB Developer Guide, "Quotas": 400 KB, names included). */
export const LARGEST_ITEM = 400 * 1024;

/**
 * Size of an item in bytes, rounded up where the rule is approximate.
 * Formula: Amazon DynamoDB Developer Guide, "DynamoDB Item sizes and formats": names and strings in UTF-8; a number about
 * one byte for two significant digits and one more; lists and maps 3 bytes and 1 byte for each element.
 */
export function sizeOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfAttribute(value), 0);
}

function sizeOfAttribute(value: Attribute): number {
  if ('S' in value) return Buffer.byteLength(value.S);
  if ('N' in value) return sizeOfNumber(value.N);
  if ('B' in value) return value.B.byteLength;
  if ('SS' in value) return total(value.SS, (text) => Buffer.byteLength(text));
  if ('NS' in value) return total(value.NS, sizeOfNumber);
  if ('BS' in value) return total(value.BS, (bytes) => bytes.byteLength);
  if ('L' in value) return 3 + total(value.L, (element) => 1 + sizeOfAttribute(element));
  if ('M' in value) return 3 + sizeOf(value.M) + Object.keys(value.M).length;
  return 1;
}

function sizeOfNumber(text: string): number {
  const digits = text.replace(/[eE].*$/, '').replace(/[^0-9]/g, '').length;
  return Math.min(21, Math.ceil(digits / 2) + 2);
}

function total<T>(values: readonly T[], size: (value: T) => number): number {
  return values.reduce((sum, value) => sum + size(value), 0);
}
