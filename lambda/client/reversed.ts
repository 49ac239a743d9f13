import type { QueryDefinition } from './query-definition';
import type { PlainItem, TransformDefinition } from './transform';

/**
 * The same transform the other way round: what was the target is migrated back to the model that was legacy, item by item. It needs
 * `targetKey`, and exactly one target item of each legacy item.
 */
export function reverseTransform(definition: TransformDefinition): TransformDefinition {
  const { version, up, down, legacyKey, targetKey, routingKey, canary, queries } = definition;
  if (!targetKey) throw new Error(`the transform ${version} does not say targetKey: it cannot be reversed`);
  const back = (target: PlainItem) => down([target]);
  return {
    version: `${version}-reversed`,
    up: (target) => {
      const legacy = back(target);
      return legacy === undefined ? [] : [legacy];
    },
    down: ([legacy]) => legacy && theOnly(up(legacy)),
    legacyKey: targetKey,
    targetKey: legacyKey,
    ...(routingKey ? { routingKey: (target) => routingKey(legacyKey(target)) } : {}),
    canary: { item: (n) => theOnly(up(canary.item(n))), number: (target) => canary.number(legacyKey(target)) },
    ...(queries
      ? { queries: Object.fromEntries(Object.entries(queries).map(([name, query]) => [name, reversed(query, back)])) }
      : {}),
  };
}

function reversed(
  { of, legacy, target, legacyAnswer, targetAnswer }: QueryDefinition,
  back: (target: PlainItem) => PlainItem | undefined,
): QueryDefinition {
  return {
    of: (item) => {
      const before = back(item);
      return before && of(before);
    },
    ...{ legacy: target, target: legacy },
    ...(targetAnswer ? { legacyAnswer: targetAnswer } : {}),
    ...(legacyAnswer ? { targetAnswer: legacyAnswer } : {}),
  };
}

function theOnly(items: readonly PlainItem[]): PlainItem {
  if (items.length === 1) return items[0] as PlainItem;
  throw new Error(`up() makes ${items.length} target items of one legacy item: a reversed transform takes exactly one`);
}
