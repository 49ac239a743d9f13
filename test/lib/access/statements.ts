import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

type Value = string | { readonly [name: string]: unknown };

interface Statement {
  readonly Action: string | string[];
  readonly Resource: Value | Value[];
  readonly Condition?: unknown;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
}

/** What somebody may do: actions on one resource. */
export interface Permission {
  readonly actions: string[];
  /** In words: paths of constructs in place of references. */
  readonly on: string;
}

/** A stack whose resources know the paths of their constructs. */
export function aStackWithPaths(): Stack {
  return new Stack(new App({ context: { 'aws:cdk:enable-path-metadata': true } }), 'Shop');
}

/** The permissions of roles in a template, by the path of the role; `strip` is left out of all paths. */
export function permissionsIn(stack: Stack, strip: string): Map<string, Permission[]> {
  const resources = Template.fromStack(stack).toJSON().Resources as Record<string, Resource>;
  const pathOf = (id: string) => pathIn(resources[id], strip) ?? id;
  const found = new Map<string, Permission[]>();
  for (const { Type, Properties } of Object.values(resources)) {
    if (!['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].includes(Type)) continue;
    const { Roles = [], PolicyDocument } = Properties as {
      Roles?: { Ref: string }[];
      PolicyDocument: { Statement: Statement[] };
    };
    for (const { Ref } of Roles) {
      const permissions = PolicyDocument.Statement.flatMap((statement) => permissionsOf(statement, pathOf));
      found.set(pathOf(Ref), [...(found.get(pathOf(Ref)) ?? []), ...permissions]);
    }
  }
  return new Map([...found].map(([role, permissions]) => [role, merged(permissions)]));
}

function pathIn(resource: Resource | undefined, strip: string): string | undefined {
  return resource?.Metadata?.['aws:cdk:path']
    ?.replace(/^Shop\//, '')
    .replace(/\/Resource$/, '')
    .replace(strip, '');
}

function permissionsOf({ Action, Resource, Condition }: Statement, pathOf: (id: string) => string): Permission[] {
  const actions = [Action].flat();
  const condition = Condition ? `, where ${wordsOf(Condition as Value, pathOf)}` : '';
  return [Resource].flat().map((resource) => ({ actions, on: `${wordsOf(resource, pathOf)}${condition}` }));
}

/** An ARN without partition, Region and account, which are those of the stack. */
function wordsOf(value: Value, pathOf: (id: string) => string): string {
  const text = textOf(value, pathOf)
    .replace(/arn:\{Partition\}:([a-z]+):(?:\{Region\})?:(?:\{AccountId\})?:/g, '$1 ')
    .replace(/["\\]/g, '')
    .replace(/Shop-Orders-[0-9A-F]{8}/g, '{migration}')
    .replace(/[0-9a-f]{64}/g, '{sha256}');
  return text === '*' ? 'everything' : text;
}

function textOf(value: unknown, pathOf: (id: string) => string): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const node = value as Record<string, unknown>;
  if (Array.isArray(value)) return value.map((each) => textOf(each, pathOf)).join(', ');
  if ('Ref' in node) {
    const name = String(node.Ref);
    return name.startsWith('AWS::') ? `{${name.slice(5)}}` : pathOf(name);
  }
  if ('Fn::GetAtt' in node) {
    const [id, attribute] = node['Fn::GetAtt'] as [string, string];
    return attribute === 'StreamArn' ? `stream of ${pathOf(id)}` : pathOf(id);
  }
  if ('Fn::Join' in node) {
    const [separator, parts] = node['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => textOf(part, pathOf)).join(separator);
  }
  // `Fn::Select` of `Fn::Split` of an ARN: its last part, which is the name.
  if ('Fn::Select' in node) return textOf((node['Fn::Select'] as unknown[])[1], pathOf);
  if ('Fn::Split' in node) return textOf((node['Fn::Split'] as unknown[])[1], pathOf);
  return Object.entries(node)
    .map(([name, each]) => `${name} ${textOf(each, pathOf)}`)
    .join(' ');
}

/** One entry for each resource, in order. */
function merged(permissions: readonly Permission[]): Permission[] {
  const byResource = new Map<string, Set<string>>();
  for (const { actions, on } of permissions) {
    const known = byResource.get(on) ?? new Set<string>();
    for (const action of actions) known.add(action);
    byResource.set(on, known);
  }
  return [...byResource]
    .map(([on, actions]) => ({ on, actions: [...actions].sort() }))
    .sort((one, other) => (one.on < other.on ? -1 : 1));
}
