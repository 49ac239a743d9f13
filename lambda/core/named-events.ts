import type { Event } from './ledger';

/** Data that holds values of the user's, or what a transform says of them. */
const VALUES: readonly string[] = ['image', 'cause', 'message'];

/**
 * Entries of the ledger that name one of these keys, each with what is said of them: of a list with other keys, too, only that part
 * which names one. Values are left out unless they are asked for.
 */
export function eventsNaming(events: readonly Event[], keys: ReadonlySet<string>, values: boolean): Event[] {
  return events
    .filter(({ data }) => names(data, keys))
    .map((event) => ({ ...event, data: narrowed(event.data, keys, values) as Event['data'] }));
}

function names(data: unknown, keys: ReadonlySet<string>): boolean {
  if (typeof data === 'string') return keys.has(data);
  return typeof data === 'object' && data !== null && Object.values(data).some((part) => names(part, keys));
}

function narrowed(data: unknown, keys: ReadonlySet<string>, values: boolean): unknown {
  if (Array.isArray(data)) {
    const some = data.some((part) => names(part, keys)) ? data.filter((part) => names(part, keys)) : data;
    return some.map((part) => narrowed(part, keys, values));
  }
  if (typeof data !== 'object' || data === null) return data;
  const kept = Object.entries(data).filter(([name]) => values || !VALUES.includes(name));
  return Object.fromEntries(kept.map(([name, part]) => [name, narrowed(part, keys, values)]));
}
