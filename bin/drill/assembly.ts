import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImportModule } from '../../lambda/adapters/assets';
import { modelFrom } from '../../lambda/adapters/model';
import type { ConnectOptions } from '../../lambda/client';
import type { KeySchema } from '../../lambda/core/item';
import type { Model } from '../../lambda/core/model';
import type { Manifest } from '../../lib/operations/manifest';
import { refused } from '../operator/failure';

/** A stack as it is synthesised. */
export interface AssemblyStack {
  /** By which the CDK command line knows it: its path in the app. */
  readonly path: string;
  /** Its id in the assembly, and those of the stacks that must be there before it. */
  readonly id: string;
  readonly needs: readonly string[];
  /** Undefined where any will do. */
  readonly region?: string;
  readonly template: Template;
}

/** What is read of a template. */
export interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>>;
}

/** A cloud assembly: the stacks of an app, and the changes that they have. */
export interface Assembly {
  readonly folder: string;
  readonly stacks: readonly AssemblyStack[];
  readonly changes: readonly Manifest[];
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { readonly templateFile?: string; readonly directoryName?: string };
}

/** Reads an assembly, with those of its stages. */
export function readAssembly(folder: string): Assembly {
  const artifacts = Object.entries(json<{ artifacts?: Record<string, Artifact> }>(join(folder, 'manifest.json')).artifacts ?? {});
  const inner = artifacts
    .filter(([, { type }]) => type === 'cdk:cloud-assembly')
    .map(([, { properties }]) => readAssembly(join(folder, properties?.directoryName ?? '')));
  const stacks = artifacts.filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const ids = stacks.map(([id]) => id);
  const files = readdirSync(folder).filter((name) => name.endsWith('.rollout.json'));
  return {
    folder,
    stacks: [...stacks.map(([id, artifact]) => stackOf(folder, id, artifact, ids)), ...inner.flatMap((each) => each.stacks)],
    changes: [...files.map((name) => json<Manifest>(join(folder, name))), ...inner.flatMap((each) => each.changes)],
  };
}

function stackOf(folder: string, id: string, artifact: Artifact, ids: readonly string[]): AssemblyStack {
  const { environment = '', displayName = id, dependencies = [], properties } = artifact;
  const region = environment.split('/').at(-1);
  return {
    ...{ id, path: displayName, needs: dependencies.filter((each) => ids.includes(each)) },
    ...(region && region !== 'unknown-region' ? { region } : {}),
    template: json<Template>(join(folder, properties?.templateFile ?? `${id}.template.json`)),
  };
}

/** The change that is named, or the only one. @throws CommandError */
export function changeIn({ changes, folder }: Assembly, migration: string | undefined): Manifest {
  const names = changes.map((each) => each.migration).join(', ');
  if (changes.length === 0) throw refused(`The app in ${folder} has no staged change. Nothing was tried.`);
  const found = migration === undefined ? changes : changes.filter((each) => each.migration === migration);
  if (found.length > 1) throw refused(`The app has ${changes.length} changes: say which with --migration, one of ${names}.`);
  if (!found[0]) throw refused(`The app has no change ${migration}. It has ${names}.`);
  return found[0];
}

/** The stack of a change, after those that it needs. @throws CommandError where the assembly has no such stack */
export function stacksFor({ stacks }: Assembly, { path, migration }: Manifest): AssemblyStack[] {
  const holding = stacks.filter((each) => path === each.path || path.startsWith(`${each.path}/`));
  const [own] = holding.sort((a, b) => b.path.length - a.path.length);
  if (!own) throw refused(`The assembly has no stack with ${path}, the change ${migration}. Synthesise it again.`);
  const ordered: AssemblyStack[] = [];
  const add = (stack: AssemblyStack) => {
    for (const id of stack.needs) {
      const other = stacks.find((each) => each.id === id);
      if (other && !ordered.includes(other)) add(other);
    }
    ordered.push(stack);
  };
  add(own);
  return ordered;
}

/** The transform of a change, as its functions have it, and as the core has it. @throws CommandError where no asset has it */
export async function transformOf(
  { folder }: Assembly,
  { transformSha256, tables, migration }: Manifest,
  importModule: ImportModule = (url) => import(url),
): Promise<{ transform: ConnectOptions['transform']; model: Model }> {
  const files = readdirSync(folder).map((name) => join(folder, name, 'transform.mjs'));
  const file = files.find((each) => existsSync(each) && sha256(each) === transformSha256);
  if (!file) throw refused(`No asset in ${folder} has the transform of ${migration}. Synthesise the app again.`);
  const transform = (await importModule(pathToFileURL(file).href)).default as ConnectOptions['transform'];
  const schemas = { legacy: tables.legacy.keys as unknown as KeySchema, target: tables.target.keys as unknown as KeySchema };
  return { transform, model: modelFrom(transform, schemas) };
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function json<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
