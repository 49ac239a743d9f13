import { expected } from '../../lambda/core/group';
import { canonical, type Item, keyOf, keyText, withoutStamp } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { Side } from '../../lambda/core/position';
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

/** Compares both whole tables with what was acknowledged and with each other. Nothing may be written meanwhile. */
export function audit(history: History, model: Model, legacy: readonly Item[], target: readonly Item[]): Audit {
  const failing: string[] = [];
  const sides: Record<Side, Map<string, Item>> = {
    legacy: new Map(legacy.flatMap((item) => [...upOf(model, item, failing)])),
    target: new Map(target.map((item) => [keyText(keyOf(item, model.schemas.target)), item])),
  };
  const isCanary = (item: Item) => model.canaryNumber(model.legacyKey(keyOf(item, model.schemas.target))) !== undefined;
  const canaries = [...new Map([...sides.legacy, ...sides.target])].filter(([, item]) => isCanary(item)).map(([key]) => key);
  for (const key of canaries) {
    sides.legacy.delete(key);
    sides.target.delete(key);
  }
  const keys = new Set([...history.keys(), ...sides.legacy.keys(), ...sides.target.keys()]);
  const findings: Finding[] = [];
  const divergent: string[] = [];
  for (const key of keys) {
    const states = { legacy: stateOf(sides.legacy.get(key)), target: stateOf(sides.target.get(key)) };
    if (states.legacy !== states.target) divergent.push(key);
    for (const side of ['legacy', 'target'] as const) {
      const verdict = history.judge(key, history.mark(key), states[side]);
      if (verdict !== 'right') findings.push({ key, side, verdict, found: states[side] });
    }
  }
  return {
    keys: keys.size,
    legacyItems: legacy.length,
    targetItems: target.length,
    findings,
    divergent,
    failing,
    canaries: canaries.length,
  };
}

/** True when nothing is wrong. */
export function isClean({ findings, divergent, failing }: Audit): boolean {
  return findings.length + divergent.length + failing.length === 0;
}

function upOf(model: Model, item: Item, failing: string[]): Map<string, Item> {
  try {
    return expected(model, item);
  } catch (error) {
    failing.push(`${keyText(keyOf(item, model.schemas.legacy))}: ${error instanceof Error ? error.message : error}`);
    return new Map();
  }
}
