import type { Item } from '../core/item';
import { type Database, MOST_SEGMENTS } from '../core/ports';

/** Random places of the table that a sample comes from, at most. */
const PLACES = 100;
/** Items around a place; DynamoDB's own count is hours old, so there are some places in any case. A small table is looked at whole. */
const AROUND = 2000;
const LEAST_SEGMENTS = 16;
const PAGE = 500;

/** Items of the legacy table from random places, a page at a time, until there were as many as are wanted, or all. */
export class RandomItems {
  private readonly segments: number;
  private readonly places: Places;
  private readonly each: number;
  private place: Place | undefined;
  private seen = 0;

  /** @param items of the whole table, about. @param sample how many are wanted */
  constructor(
    private readonly ports: { readonly database: Database; readonly random: () => number },
    items: number,
    private readonly sample: number,
  ) {
    this.segments = Math.min(MOST_SEGMENTS, Math.max(LEAST_SEGMENTS, Math.floor(items / AROUND)));
    const wanted = Math.min(PLACES, Math.ceil(sample / 10));
    this.places = new Places(this.segments, wanted, ports.random);
    this.each = Math.min(PAGE, Math.ceil(sample / wanted));
    this.place = this.places.next();
  }

  get isDone(): boolean {
    return !this.place || this.seen >= this.sample;
  }

  /** The next page, which may be empty; none is left when `isDone`. */
  async page(): Promise<Item[]> {
    if (!this.place) return [];
    const { segment, after } = this.place;
    const limit = Math.min(this.each, this.sample - this.seen);
    const { items, next } = await this.ports.database.scan('legacy', { segment, segments: this.segments, after, limit });
    this.seen += items.length;
    if (next) this.places.putBack({ segment, after: next });
    this.place = this.places.next();
    return items;
  }
}

/** Where a scan goes on. */
interface Place {
  readonly segment: number;
  readonly after?: Item;
}

/** Random segments, one after the other and round again, and others when these have come to their end. */
class Places {
  private readonly begun = new Set<number>();
  private readonly waiting: Place[] = [];

  constructor(
    private readonly segments: number,
    private readonly wanted: number,
    private readonly random: () => number,
  ) {}

  next(): Place | undefined {
    if (this.begun.size < Math.min(this.wanted, this.segments)) return this.another();
    return this.waiting.shift() ?? this.another();
  }

  putBack(place: Place): void {
    this.waiting.push(place);
  }

  private another(): Place | undefined {
    if (this.begun.size === this.segments) return undefined;
    let segment = Math.floor(this.random() * this.segments);
    while (this.begun.has(segment)) segment = (segment + 1) % this.segments;
    this.begun.add(segment);
    return { segment };
  }
}
