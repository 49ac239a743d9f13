import type { AssemblyStack } from './assembly';

/** Properties of a table in a template. */
export type TableProperties = Readonly<Record<string, unknown>>;

/**
 * What the templates say of a table: its properties; `elsewhere` where none of the stacks makes it; undefined where that cannot be told.
 * @param own the stack that names it
 * @param name as the manifest has it: a text, or what CloudFormation makes one of
 */
export function tableIn(
  stacks: readonly AssemblyStack[],
  own: AssemblyStack,
  name: unknown,
): TableProperties | 'elsewhere' | undefined {
  if (typeof name === 'string') return named(stacks, name) ?? 'elsewhere';
  const { Ref: id, 'Fn::ImportValue': exported } = (name ?? {}) as { Ref?: string; 'Fn::ImportValue'?: unknown };
  if (id) return own.template.Resources?.[id]?.Properties;
  if (typeof exported !== 'string') return undefined;
  for (const stack of stacks) {
    const output = Object.values(stack.template.Outputs ?? {}).find(({ Export }) => Export?.Name === exported);
    if (output) return tableIn(stacks, stack, output.Value);
  }
  return undefined;
}

/** True unless the template leaves it off. Of a global table each replica has it. */
export function keepsPointsInTime(table: TableProperties | undefined): boolean {
  if (!table) return true;
  const { PointInTimeRecoverySpecification: own, Replicas: replicas } = table as {
    PointInTimeRecoverySpecification?: { PointInTimeRecoveryEnabled?: boolean };
    Replicas?: readonly TableProperties[];
  };
  if (replicas) return replicas.every(keepsPointsInTime);
  return own?.PointInTimeRecoveryEnabled === true;
}

function named(stacks: readonly AssemblyStack[], name: string): TableProperties | undefined {
  const resources = stacks.flatMap(({ template }) => Object.values(template.Resources ?? {}));
  const found = resources.find(({ Type, Properties }) => {
    return /^AWS::DynamoDB::(Global)?Table$/.test(Type) && Properties?.TableName === name;
  });
  return found?.Properties;
}
