import { expected } from '../../lambda/core/group';
import { canonical, type Item, keyOf, keyText, withoutStamp } from '../../lambda/core/item';
import type { Event } from '../../lambda/core/ledger';
import type { Model } from '../../lambda/core/model';
import type { Side } from '../../lambda/core/position';
import { itemFromJson } from '../../lambda/core/wire-json';
import type { History, State, Verdict } from './history';

/** Something that is not as it was written. */
export interface Finding {
  readonly key: string;
  /** The table in which it was found. */
  readonly side: Side;
  readonly verdict: Exclude<Verdict, 'right'>;
  readonly found: State;
}

/** What both tables say of everything that was written. */
export interface Audit {
  /** Keys of the new model that were looked at. */
  readonly keys: number;
  readonly legacyItems: number;
  readonly targetItems: number;
  readonly findings: readonly Finding[];
  /** Keys whose last write is in no table, but in the ledger: an immediate rollback kept it there. */
  readonly kept: readonly string[];
  /** Keys whose target item is not what `up` makes of the legacy item. */
  readonly divergent: readonly string[];
  /** Legacy keys on which `up` fails, with the cause. */
  readonly failing: readonly string[];
  /** Canaries that were left behind: untidy, but nobody's data. */
  readonly canaries: number;
}

/** Everything of one content, as the history and the audit compare it. */
export function stateOf(item: Item | undefined): State {
  return item && canonical(withoutStamp(item));
}

/** What both tables hold, as the target would have it: page by page, so that it stays small. */
export class Contents {
  /** State by target key: what `up` makes of the legacy table, and what is in the target table. */
  readonly states: Readonly<Record<Side, Map<string, string>>> = { legacy: new Map(), target: new Map() };
  readonly items: Record<Side, number> = { legacy: 0, target: 0 };
  readonly canaries = new Set<string>();
  readonly failing: string[] = [];

  constructor(private readonly model: Model) {}

  add(side: Side, items: readonly Item[]): void {
    if (side === 'target') this.addTarget(side, items);
    else {
      this.items[side] += items.length;
      for (const item of items) for (const each of this.upOf(item)) this.put(side, each);
    }
  }

  /** The same for what is in the form of the target on either side. */
  addTarget(side: Side, items: readonly Item[]): void {
    this.items[side] += items.length;
    for (const item of items) this.put(side, this.keyed(item));
  }

  private put(side: Side, [key, child]: [string, Item]): void {
    const legacyKey = this.model.legacyKey(keyOf(child, this.model.schemas.target));
    if (this.model.canaryNumber(legacyKey) !== undefined) this.canaries.add(key);
    else this.states[side].set(key, stateOf(child) as string);
  }

  private keyed(item: Item): [string, Item] {
    return [keyText(keyOf(item, this.model.schemas.target)), item];
  }

  private upOf(item: Item): Iterable<[string, Item]> {
    try {
      return expected(this.model, item);
    } catch (error) {
      const key = keyText(keyOf(item, this.model.schemas.legacy));
      this.failing.push(`${key}: ${error instanceof Error ? error.message : error}`);
      return [];
    }
  }
}

/** The writes that an immediate rollback keeps in the ledger, as `wasKept` looks them up: late ones, and legacy items that late ones overwrote. */
export function keptWrites(model: Model, events: readonly Event[]): ReadonlySet<string> {
  const kept = events.filter(({ kind, data }) => kind === 'salvaged' && data.part === undefined);
  return new Set(
    kept.flatMap(({ data }) => {
      if (data.deleted) return [keptText(data.key as string, undefined)];
      const item = itemFromJson(JSON.parse(data.image as string));
      if (data.direction === 'reverse') return [keptText(data.key as string, stateOf(item))];
      return [...expected(model, item)].map(([key, child]) => keptText(key, stateOf(child)));
    }),
  );
}

function keptText(key: string, state: State): string {
  return JSON.stringify([key, state]);
}

/** Compares both whole tables with what was acknowledged and with each other. Nothing may be written meanwhile. */
export function audit(history: History, contents: Contents, keptBefore: ReadonlySet<string> = new Set()): Audit {
  const { states, items, canaries, failing } = contents;
  const kept = new Set<string>();
  const wasKept = (key: string) => {
    const standing = history.standing(key);
    return standing !== 'unknown' && keptBefore.has(keptText(key, standing.state));
  };
  const keys = new Set([...history.keys(), ...states.legacy.keys(), ...states.target.keys()]);
  const findings: Finding[] = [];
  const divergent: string[] = [];
  for (const key of keys) {
    if (states.legacy.get(key) !== states.target.get(key)) divergent.push(key);
    for (const side of ['legacy', 'target'] as const) {
      const found = states[side].get(key);
      const verdict = history.judge(key, history.mark(key), found);
      if (verdict === 'right') continue;
      if (wasKept(key)) kept.add(key);
      else findings.push({ key, side, verdict, found });
    }
  }
  return {
    ...{ keys: keys.size, legacyItems: items.legacy, targetItems: items.target },
    ...{ findings, kept: [...kept], divergent, failing, canaries: canaries.size },
  };
}

/** True when nothing is wrong. */
export function isClean({ findings, divergent, failing }: Audit): boolean {
  return findings.length + divergent.length + failing.length === 0;
}
