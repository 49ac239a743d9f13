import type { Attribute, Item } from './item';

/** The types whose values JSON holds as base64 text (AWS Lambda Developer Guide, DynamoDB event; DynamoDB low-level API). */
type JsonAttribute = { B?: string; BS?: string[]; L?: JsonAttribute[]; M?: JsonItem };
type JsonItem = { [attribute: string]: JsonAttribute };

/** An item from JSON, where binary values are base64 text. */
export function itemFromJson(json: unknown): Item {
  return mapped(json as JsonItem, attributeFromJson);
}

/** The item as JSON holds it. */
export function itemToJson(item: Item): Record<string, unknown> {
  return mapped(item, attributeToJson);
}

function attributeFromJson(value: JsonAttribute): Attribute {
  if (value.B !== undefined) return { B: bytes(value.B) };
  if (value.BS) return { BS: value.BS.map(bytes) };
  if (value.L) return { L: value.L.map(attributeFromJson) };
  if (value.M) return { M: itemFromJson(value.M) };
  return value as Attribute;
}

function attributeToJson(value: Attribute): unknown {
  if ('B' in value) return { B: base64(value.B) };
  if ('BS' in value) return { BS: value.BS.map(base64) };
  if ('L' in value) return { L: value.L.map(attributeToJson) };
  if ('M' in value) return { M: itemToJson(value.M) };
  return value;
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}

/** `__proto__` is a name like any other to DynamoDB, so entries are defined, not assigned. */
function mapped<A, B>(item: { [name: string]: A }, change: (value: A) => B): { [name: string]: B } {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, change(value)]));
}
