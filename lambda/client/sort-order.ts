import { type Attribute, normalNumber } from '../core/item';

/**
 * The order of two sort keys of one table, as DynamoDB has it: numbers by value, texts by their UTF-8 bytes, binary by
 * its bytes as unsigned numbers (Amazon DynamoDB Developer Guide, "Query", sort order).
 */
export function compareSortKeys(a: Attribute | undefined, b: Attribute | undefined): number {
  if (!a || !b) return 0;
  if ('N' in a && 'N' in b) return compareNumbers(a.N, b.N);
  if ('S' in a && 'S' in b) return Buffer.compare(Buffer.from(a.S), Buffer.from(b.S));
  if ('B' in a && 'B' in b) return Buffer.compare(a.B, b.B);
  return 0;
}

/** Compares decimals of up to 38 digits, which a double cannot hold. */
export function compareNumbers(a: string, b: string): number {
  const [x, y] = [decimal(a), decimal(b)];
  if (x.sign !== y.sign) return x.sign - y.sign;
  return x.sign * (x.magnitude - y.magnitude || compareDigits(x.digits, y.digits));
}

function decimal(text: string): { sign: number; magnitude: number; digits: string } {
  const [digits = '0', exponent = '0'] = normalNumber(text).replace(/^-/, '').split('e');
  if (digits === '0') return { sign: 0, magnitude: 0, digits };
  return { sign: text.trim().startsWith('-') ? -1 : 1, magnitude: digits.length + Number(exponent), digits };
}

/** Digits after one common point compare like texts, where the shorter of two with one beginning is less. */
function compareDigits(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
