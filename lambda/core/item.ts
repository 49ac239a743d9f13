import { createHash } from 'node:crypto';
import { STAMP } from './stamp';

/** One attribute in DynamoDB's wire form: exactly one type descriptor. Numbers stay decimal strings, so none loses a digit. */
export type Attribute =
  | { S: string }
  | { N: string }
  | { B: Uint8Array }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: Uint8Array[] }
  | { L: Attribute[] }
  | { M: Item };

/** An item, or a key, in DynamoDB's wire form. */
export type Item = { [attribute: string]: Attribute };

/** Names of a table's key attributes, partition key first. */
export type KeySchema = readonly [partition: string] | readonly [partition: string, sort: string];

/** The key attributes of `item`. */
export function keyOf(item: Item, schema: KeySchema): Item {
  const key: Item = {};
  for (const name of schema) {
    const value = item[name];
    if (value) key[name] = value;
  }
  return key;
}

/** One text for one key, for maps and messages. A comma in a text is escaped, so that no two keys of a schema have one text. */
export function keyText(key: Item): string {
  return Object.keys(key)
    .sort()
    .map((name) => `${name}=${scalarText(key[name] as Attribute)}`)
    .join(',');
}

function scalarText(value: Attribute): string {
  if ('S' in value) return value.S.replace(/[\\,]/g, '\\$&');
  if ('N' in value) return normalNumber(value.N);
  if ('B' in value) return Buffer.from(value.B).toString('base64');
  return canonicalAttribute(value);
}

/** The item without the reserved attribute. */
export function withoutStamp(item: Item): Item {
  const { [STAMP]: _, ...rest } = item;
  return rest;
}

/** True when both hold the same attributes, apart from the reserved one. Sets compare without order, numbers by value. */
export function sameContent(a: Item | undefined, b: Item | undefined): boolean {
  if (!a || !b) return a === b;
  return canonical(withoutStamp(a)) === canonical(withoutStamp(b));
}

/** Names of the attributes in which two items differ, apart from the reserved one. */
export function attributesThatDiffer(a: Item, b: Item): string[] {
  const [left, right] = [withoutStamp(a), withoutStamp(b)];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  const only = (item: Item, name: string) => canonical(keyOf(item, [name]));
  return names.filter((name) => only(left, name) !== only(right, name));
}

/** One text for one content: attribute names sorted, sets sorted, numbers in normal form. */
export function canonical(item: Item): string {
  const fields = Object.keys(item)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalAttribute(item[name] as Attribute)}`);
  return `{${fields.join(',')}}`;
}

/** SHA-256 of `canonical(item)`, as hex. */
export function digest(item: Item): string {
  return createHash('sha256').update(canonical(item)).digest('hex');
}

function canonicalAttribute(value: Attribute): string {
  if ('S' in value) return JSON.stringify(value.S);
  if ('N' in value) return `N${normalNumber(value.N)}`;
  if ('BOOL' in value) return `${value.BOOL}`;
  if ('NULL' in value) return 'null';
  if ('B' in value) return `B${Buffer.from(value.B).toString('base64')}`;
  if ('SS' in value) return `SS${JSON.stringify([...value.SS].sort())}`;
  if ('NS' in value) return `NS${JSON.stringify(value.NS.map(normalNumber).sort())}`;
  if ('BS' in value) return `BS${JSON.stringify(value.BS.map((b) => Buffer.from(b).toString('base64')).sort())}`;
  if ('L' in value) return `[${value.L.map(canonicalAttribute).join(',')}]`;
  return canonical(value.M);
}

/**
 * A decimal in normal form, `sign digits e exponent`, without trailing or leading zeros: 1, 1.0 and 10e-1 are one number.
 * DynamoDB numbers have up to 38 significant digits, so this never goes through a double.
 */
export function normalNumber(text: string): string {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const scale = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${scale}`;
}

/** A decimal as DynamoDB gives it back: without exponent, sign of zero or superfluous zeros. One text for one number. */
export function decimalText(text: string): string {
  const match = /^(-?)(\d+)(?:e(-?\d+))?$/.exec(normalNumber(text));
  if (!match) return text;
  const [, sign, digits = '', exponent = '0'] = match;
  const shift = Number(exponent);
  if (shift >= 0) return sign + digits + '0'.repeat(shift);
  const padded = digits.padStart(1 - shift, '0');
  return `${sign}${padded.slice(0, shift)}.${padded.slice(shift)}`;
}
