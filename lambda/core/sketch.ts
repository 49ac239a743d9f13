import { createHash } from 'node:crypto';

/** Cells that each element is in. */
const PLACES = 3;

/** Cells grow by steps of this many bytes when a longer element comes. */
const STEP = 32;

/** Longest element: its length is kept in two bytes. A DynamoDB key has at most 3 KB. */
const LONGEST = 65_000;

/** What two sets differ in. */
export interface SetDifference {
  /** Elements that were only added. */
  readonly added: Uint8Array[];
  /** Elements that were only removed. */
  readonly removed: Uint8Array[];
}

/**
 * A sketch of the difference of two sets, of a size that does not depend on the sets: elements are added and removed in any order,
 * sketches are summed, and what is left can be listed as long as it is no more than about four fifths of the cells.
 * Whatever was both added and removed leaves no trace.
 *
 * An invertible Bloom lookup table, as in D. Eppstein, M. Goodrich, F. Uyeda, G. Varghese: "What's the Difference? Efficient Set
 * Reconciliation without Prior Context", SIGCOMM 2011. Each element is in three cells; a cell keeps the sum of its elements'
 * signs, and the exclusive or of their hashes and of their bytes. A cell with one element gives it away, and taking it out of its other
 * cells may leave one element alone there.
 */
export class Sketch {
  private constructor(
    private readonly counts: Int32Array,
    private readonly checks: BigUint64Array,
    /** `width` bytes for each cell. */
    private contents: Uint8Array,
    private width: number,
  ) {}

  /** @param cells a multiple of three */
  static empty(cells: number): Sketch {
    return new Sketch(new Int32Array(cells), new BigUint64Array(cells), new Uint8Array(cells * STEP), STEP);
  }

  get cells(): number {
    return this.counts.length;
  }

  add(element: Uint8Array): void {
    this.toggle(element, 1);
  }

  remove(element: Uint8Array): void {
    this.toggle(element, -1);
  }

  /** Adds what another one was given. Both must have the same number of cells. */
  merge(other: Sketch): void {
    if (other.cells !== this.cells) throw new Error(`A sketch of ${other.cells} cells cannot be added to one of ${this.cells}.`);
    this.widen(other.width);
    for (let cell = 0; cell < this.cells; cell++) {
      this.counts[cell] = (this.counts[cell] as number) + (other.counts[cell] as number);
      this.checks[cell] = (this.checks[cell] as bigint) ^ (other.checks[cell] as bigint);
      this.mix(cell, other.contents.subarray(cell * other.width, (cell + 1) * other.width));
    }
  }

  /** What is left, or undefined where it is too much to be told apart. Leaves the sketch empty, or useless. */
  drain(): SetDifference | undefined {
    const found: SetDifference = { added: [], removed: [] };
    const open = Array.from(this.counts.keys());
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      const only = this.onlyOf(cell);
      if (!only) continue;
      const sign = this.counts[cell] as 1 | -1;
      (sign === 1 ? found.added : found.removed).push(only);
      open.push(...this.toggle(only, sign === 1 ? -1 : 1));
    }
    return this.counts.every((count) => count === 0) && this.checks.every((check) => check === 0n) ? found : undefined;
  }

  /** Bytes from which `fromBytes` makes the same sketch. */
  toBytes(): Uint8Array {
    const head = new Uint32Array([this.cells, this.width]);
    return Buffer.concat([head, this.counts, this.checks, this.contents].map(({ buffer }) => new Uint8Array(buffer)));
  }

  static fromBytes(bytes: Uint8Array): Sketch {
    // A copy, because a Buffer shares its memory.
    const { buffer } = new Uint8Array(bytes);
    const [cells = 0, width = 0] = new Uint32Array(buffer, 0, 2);
    const part = (at: number, length: number) => buffer.slice(at, at + length);
    return new Sketch(
      new Int32Array(part(8, cells * 4)),
      new BigUint64Array(part(8 + cells * 4, cells * 8)),
      new Uint8Array(part(8 + cells * 12, cells * width)),
      width,
    );
  }

  private toggle(element: Uint8Array, sign: 1 | -1): number[] {
    if (element.length > LONGEST) throw new Error(`An element has ${element.length} bytes; ${LONGEST} are the most.`);
    const content = new Uint8Array(2 + element.length);
    content[0] = element.length & 255;
    content[1] = element.length >> 8;
    content.set(element, 2);
    this.widen(content.length);
    const { check, places } = placesOf(element, this.cells);
    for (const cell of places) {
      this.counts[cell] = (this.counts[cell] as number) + sign;
      this.checks[cell] = (this.checks[cell] as bigint) ^ check;
      this.mix(cell, content);
    }
    return places;
  }

  private mix(cell: number, content: Uint8Array): void {
    const at = cell * this.width;
    for (let i = 0; i < content.length; i++) {
      this.contents[at + i] = (this.contents[at + i] as number) ^ (content[i] as number);
    }
  }

  /** The element of a cell that has only one. */
  private onlyOf(cell: number): Uint8Array | undefined {
    if (Math.abs(this.counts[cell] as number) !== 1) return undefined;
    const content = this.contents.subarray(cell * this.width, (cell + 1) * this.width);
    const length = (content[0] as number) + ((content[1] as number) << 8);
    if (length > content.length - 2) return undefined;
    const element = content.slice(2, 2 + length);
    const { check, places } = placesOf(element, this.cells);
    return check === this.checks[cell] && places.includes(cell) ? element : undefined;
  }

  private widen(least: number): void {
    if (least <= this.width) return;
    const width = Math.ceil(least / STEP) * STEP;
    const contents = new Uint8Array(this.cells * width);
    for (let cell = 0; cell < this.cells; cell++) {
      contents.set(this.contents.subarray(cell * this.width, (cell + 1) * this.width), cell * width);
    }
    this.contents = contents;
    this.width = width;
  }
}

/** A place in each third of the cells, and what tells an element from a mixture of several. */
function placesOf(element: Uint8Array, cells: number): { check: bigint; places: number[] } {
  const hash = createHash('sha256').update(element).digest();
  const third = cells / PLACES;
  return {
    check: hash.readBigUInt64LE(0),
    places: [0, 1, 2].map((n) => n * third + (hash.readUInt32LE(8 + 4 * n) % third)),
  };
}
