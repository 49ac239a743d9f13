import { type Attribute, canonical, type Item, withoutStamp } from './item';

/** Paths that are told of one pair of items. */
const MOST = 50;

/** Paths of the attributes in which two items differ, such as `address.town` or `tags[2]`, apart from the reserved one; at most 50. */
export function pathsThatDiffer(a: Item, b: Item): string[] {
  return mapPaths(withoutStamp(a), withoutStamp(b), '').slice(0, MOST);
}

function mapPaths(a: Item, b: Item, prefix: string): string[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.flatMap((name) => pathsOf(a[name], b[name], `${prefix}${name}`));
}

function pathsOf(a: Attribute | undefined, b: Attribute | undefined, path: string): string[] {
  if (a && b && canonical({ a }) === canonical({ a: b })) return [];
  if (a && b && 'M' in a && 'M' in b) return mapPaths(a.M, b.M, `${path}.`);
  if (a && b && 'L' in a && 'L' in b) {
    const length = Math.max(a.L.length, b.L.length);
    const [left, right] = [a.L, b.L];
    return Array.from({ length }, (_, n) => pathsOf(left[n], right[n], `${path}[${n}]`)).flat();
  }
  return [path];
}
