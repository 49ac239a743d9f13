import { type Attribute, decimalText, digest, type Item, type KeySchema, withoutStamp } from './item';
import { itemFromJson, itemToJson } from './wire-json';

/** Bytes of a fingerprint that stand for the content; the key follows. */
const CONTENT = 16;

/** A target item as a sketch holds it: two have the same bytes only if key and content are the same, apart from stamps. */
export function fingerprint(item: Item, schema: KeySchema): Uint8Array {
  const content = Buffer.from(digest(withoutStamp(item)).slice(0, 2 * CONTENT), 'hex');
  const key = Object.fromEntries(schema.map((name, n) => [n, normal(item[name] as Attribute)]));
  return Buffer.concat([content, Buffer.from(JSON.stringify(itemToJson(key)))]);
}

/** The key of the item that a fingerprint was made of. */
export function keyOfFingerprint(bytes: Uint8Array, schema: KeySchema): Item {
  const key = itemFromJson(JSON.parse(Buffer.from(bytes.subarray(CONTENT)).toString()));
  return Object.fromEntries(schema.map((name, n) => [name, key[n] as Attribute]));
}

/** One number may be written in several ways. */
function normal(value: Attribute): Attribute {
  return 'N' in value ? { N: decimalText(value.N) } : value;
}
