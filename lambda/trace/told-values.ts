import type { Item } from '../core/item';
import { itemToJson } from '../core/wire-json';

/** Characters of all values of one answer: a function answers with at most 6 MB (AWS Lambda Developer Guide, "Quotas"). */
const MOST = 4_000_000;

/** Values of items as they are told: not at all unless asked for, and no more than an answer holds. */
export class ToldValues {
  /** Items that were left out. */
  leftOut = 0;
  private characters = 0;

  constructor(private readonly asked: boolean) {}

  /** The item under this name; nothing where it is not told. */
  of<Name extends string>(name: Name, item: Item | undefined): { readonly [name in Name]?: unknown } {
    if (!this.asked || !item) return {};
    const value = itemToJson(item);
    const { length } = JSON.stringify(value);
    if (this.characters + length > MOST) {
      this.leftOut++;
      return {};
    }
    this.characters += length;
    return { [name]: value } as { readonly [name in Name]?: unknown };
  }
}
