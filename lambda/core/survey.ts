import { type Attribute, type Item, normalNumber } from './item';
import { LARGEST_ITEM, sizeOf } from './item-size';

/** Problems, and drifting attributes, that a survey tells of. */
const TOLD = 20;
/** Characters of a problem that are told: the transform's own message may hold a whole item. */
const LONGEST_PROBLEM = 300;

/** Digits that a double holds of any decimal (IEEE 754, binary64). */
const DOUBLE_DIGITS = 15;

/** Share of the largest item from which on an item is near the limit. */
const NEAR = 0.9;

/** How many items are looked at, and whether the stage depends on it. */
export interface CompatibilitySpec {
  readonly sample: number;
  readonly observeOnly: boolean;
}

/** An attribute that has one type in some items and another in others. */
export interface Drift {
  readonly attribute: string;
  /** How many items have it as which type. */
  readonly types: Readonly<Record<string, number>>;
}

/** What a look at legacy items says of how they fit the new model. */
export interface Findings {
  readonly examined: number;
  /** Items with problems, and the first of these. */
  readonly incompatible: number;
  readonly problems: readonly string[];
  /** Target items near the largest size that DynamoDB stores, and the largest one in bytes. */
  readonly nearLimit: number;
  readonly largest: number;
  /** Items with a number of more digits than a double holds, which arithmetic in JavaScript would change. */
  readonly wideNumbers: number;
  readonly drift: readonly Drift[];
  /** True when as many items were looked at as were asked for, or all. */
  readonly isWhole: boolean;
}

/** What is wrong with a legacy item, and what `up` makes of it; nothing where it fails. */
export interface Inspected {
  readonly problems: readonly string[];
  readonly children: readonly Item[];
}

/** Adds up what was found in one item after the other. Its size does not depend on how many. */
export class Survey {
  private examined = 0;
  private incompatible = 0;
  private nearLimit = 0;
  private largest = 0;
  private wideNumbers = 0;
  private readonly problems: string[] = [];
  private readonly types = new Map<string, Record<string, number>>();

  add(item: Item, { problems, children }: Inspected): void {
    this.examined++;
    if (problems.length > 0) this.incompatible++;
    const told = problems.slice(0, TOLD - this.problems.length).map((problem) => problem.slice(0, LONGEST_PROBLEM));
    this.problems.push(...told);
    const sizes = children.map(sizeOf);
    this.largest = Math.max(this.largest, ...sizes);
    this.nearLimit += sizes.filter((size) => size > NEAR * LARGEST_ITEM).length;
    if (Object.values(item).some(isWide)) this.wideNumbers++;
    for (const [name, value] of Object.entries(item)) this.count(name, Object.keys(value)[0] as string);
  }

  findings(isWhole: boolean): Findings {
    const { examined, incompatible, problems, nearLimit, largest, wideNumbers, types } = this;
    const drift = [...types]
      .filter(([, counts]) => Object.keys(counts).filter((type) => type !== 'NULL').length > 1)
      .map(([attribute, counts]) => ({ attribute, types: { ...counts } }));
    return {
      examined,
      incompatible,
      problems: [...problems],
      nearLimit,
      largest,
      wideNumbers,
      drift: drift.slice(0, TOLD),
      isWhole,
    };
  }

  private count(name: string, type: string): void {
    if (!this.types.has(name) && this.types.size >= MOST_ATTRIBUTES) return;
    const counts = this.types.get(name) ?? {};
    counts[type] = (counts[type] ?? 0) + 1;
    this.types.set(name, counts);
  }
}

/** Names of attributes that are counted: where data is in the names there is no end of them. */
const MOST_ATTRIBUTES = 1000;

function isWide(value: Attribute): boolean {
  if ('N' in value) return digitsOf(value.N) > DOUBLE_DIGITS;
  if ('NS' in value) return value.NS.some((number) => digitsOf(number) > DOUBLE_DIGITS);
  if ('L' in value) return value.L.some(isWide);
  return 'M' in value && Object.values(value.M).some(isWide);
}

function digitsOf(number: string): number {
  return normalNumber(number).replace(/e.*$/, '').replace('-', '').length;
}
