import type { QueryDefinition } from '../client/query-definition';
import type { TransformDefinition } from '../client/transform';
import { RolloutError } from '../core/errors';

/** The definition, if it is one. @throws InvalidConfiguration naming everything that is wrong */
export function checked(definition: unknown): TransformDefinition {
  const problems = problemsOf(definition);
  if (problems.length === 0) return definition as TransformDefinition;
  throw new RolloutError(
    'InvalidConfiguration',
    `The transform cannot be used: ${problems.join('; ')}. ` +
      'Export defineTransform({ version, up, down, legacyKey, canary: { item, number } }) as default.',
    { problems },
  );
}

function problemsOf(definition: unknown): string[] {
  if (typeof definition !== 'object' || definition === null) return ['the file has no default export that is an object'];
  const d = definition as Partial<TransformDefinition>;
  const needed = {
    up: d.up,
    down: d.down,
    legacyKey: d.legacyKey,
    'canary.item': d.canary?.item,
    'canary.number': d.canary?.number,
  };
  const optional = { routingKey: d.routingKey, legacyPartition: d.legacyPartition, targetKey: d.targetKey };
  const functions = [...Object.entries(needed), ...Object.entries(optional).filter(([, value]) => value !== undefined)];
  const named = typeof d.version === 'string' && d.version.length >= 1 && d.version.length <= 128;
  return [
    ...(named ? [] : ['version must be a text of 1 to 128 characters']),
    ...functions.filter(([, value]) => typeof value !== 'function').map(([name]) => `${name} must be a function`),
    ...Object.entries(d.queries ?? {}).flatMap(([name, query]) => problemsOfQuery(name, query ?? {})),
  ];
}

function problemsOfQuery(name: string, { of, legacy, target, legacyAnswer, targetAnswer }: Partial<QueryDefinition>): string[] {
  const optional = Object.entries({ legacyAnswer, targetAnswer }).filter(([, value]) => value !== undefined);
  return [...Object.entries({ of, legacy, target }), ...optional]
    .filter(([, value]) => typeof value !== 'function')
    .map(([part]) => `queries.${name}.${part} must be a function`);
}
