import { toWire } from '../../lambda/adapters/plain-items';
import type { Attribute, Item, KeySchema } from '../../lambda/core/item';
import { misused } from '../operator/failure';

/** Where an item of a sample stands, for messages, and the item. */
export interface Sampled {
  readonly at: string;
  readonly item: Item;
}

/**
 * The items of a file: a JSON array of plain items; what `aws dynamodb scan` prints; or lines of DynamoDB JSON, as a table export has
 * them (Amazon DynamoDB Developer Guide, "DynamoDB table export output format"), each `{"Item": {...}}` or the item itself.
 * @throws CommandError with the number of the item or of the line
 */
export function sampleOf(text: string): Sampled[] {
  const whole = parsed(text);
  const found = Array.isArray(whole) ? plainItems(whole) : scanned(whole) ? wireItems(whole.Items) : lines(text);
  if (found.length === 0) throw misused('The sample has no items. Give some dozens, of every kind that the table has.');
  return found;
}

/** Refuses items that the table cannot have. @throws CommandError with the first one */
export function requireKeys(sample: readonly Sampled[], schema: KeySchema): Item[] {
  const seen = new Map<string, string>();
  for (const { at, item } of sample) {
    const missing = schema.filter((name) => !isKey(item[name]));
    if (missing.length > 0) {
      throw misused(
        `The sample cannot be used: ${at} has no key attribute ${missing.join(', ')}, which is a text, number or binary value.`,
      );
    }
    const key = JSON.stringify(schema.map((name) => item[name]));
    const other = seen.get(key);
    if (other) throw misused(`The sample cannot be used: ${at} has the key of ${other}.`);
    seen.set(key, at);
  }
  return sample.map(({ item }) => item);
}

function plainItems(items: readonly unknown[]): Sampled[] {
  return items.map((item, index) => {
    const at = `item ${index + 1}`;
    if (!isObject(item)) throw misused(`The sample cannot be read: ${at} is no object.`);
    try {
      return { at, item: toWire(item) };
    } catch (error) {
      throw misused(`The sample cannot be read: ${at} cannot be stored: ${(error as Error).message}`);
    }
  });
}

function wireItems(items: readonly unknown[]): Sampled[] {
  return items.map((item, index) => ({ at: `item ${index + 1}`, item: wireItem(item, `item ${index + 1}`) }));
}

function lines(text: string): Sampled[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const at = `line ${index + 1}`;
    const value = parsed(line);
    if (!isObject(value)) {
      throw misused(
        `The sample cannot be read: ${at} is no JSON object. Give a JSON array of items, the output of aws dynamodb scan, or a table export.`,
      );
    }
    return [{ at, item: wireItem(isObject(value.Item) ? value.Item : value, at) }];
  });
}

function wireItem(value: unknown, at: string): Item {
  if (!isObject(value)) throw misused(`The sample cannot be read: ${at} is no object.`);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, attribute(each, `${at}, attribute ${name},`)]));
}

/** An attribute of DynamoDB JSON: binary values are base64 there. */
function attribute(value: unknown, at: string): Attribute {
  const [[type, held] = [], ...more] = isObject(value) ? Object.entries(value) : [];
  const wrong = () =>
    misused(
      `The sample cannot be read: ${at} is not in DynamoDB JSON, such as {"S": "text"}. Plain items go into one JSON array.`,
    );
  if (type === undefined || more.length > 0) throw wrong();
  const texts = (): string[] => {
    if (Array.isArray(held) && held.length > 0 && held.every((each) => typeof each === 'string')) return held;
    throw wrong();
  };
  if ((type === 'S' || type === 'N') && typeof held === 'string') return { [type]: held } as Attribute;
  if (type === 'B' && typeof held === 'string') return { B: Buffer.from(held, 'base64') };
  if (type === 'BOOL' && typeof held === 'boolean') return { BOOL: held };
  if (type === 'NULL') return { NULL: true };
  if (type === 'SS' || type === 'NS') return { [type]: texts() } as Attribute;
  if (type === 'BS') return { BS: texts().map((each) => Buffer.from(each, 'base64')) };
  if (type === 'L' && Array.isArray(held)) return { L: held.map((each) => attribute(each, at)) };
  if (type === 'M' && isObject(held)) return { M: wireItem(held, at) };
  throw wrong();
}

function isKey(value: Attribute | undefined): boolean {
  if (!value) return false;
  if ('S' in value) return value.S !== '';
  return 'N' in value || ('B' in value && value.B.byteLength > 0);
}

function scanned(value: unknown): value is { readonly Items: readonly unknown[] } {
  return isObject(value) && Array.isArray(value.Items);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
