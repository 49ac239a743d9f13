import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** What a room may import: other rooms, and packages by prefix. */
const ARROWS: Record<string, { rooms: string[]; packages: RegExp }> = {
  'lambda/core': { rooms: ['lambda/core'], packages: /^(node:crypto)$/ },
  'lambda/adapters': { rooms: ['lambda/core', 'lambda/adapters', 'lambda/client'], packages: /^(?!aws-cdk-lib|constructs)/ },
  'lambda/client': { rooms: ['lambda/core', 'lambda/adapters', 'lambda/client'], packages: /^(@aws-sdk\/|node:)/ },
  'lambda/task': { rooms: ['lambda/core', 'lambda/adapters', 'lambda/task'], packages: /^(?!aws-cdk-lib|constructs)/ },
  lib: { rooms: ['lib', 'lambda/core'], packages: /^(aws-cdk-lib|constructs|node:|esbuild$)/ },
};

function room(file: string): string {
  const [top, second] = relative(ROOT, file).split('/');
  if (top !== 'lambda') return top as string;
  return ['core', 'adapters', 'client'].includes(second as string) ? `lambda/${second}` : 'lambda/task';
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesBelow(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:\bfrom |import\(|require\()'([^'\n]+)'\)?[;)]?/g)].map((match) => match[1] as string);
}

function forbidden(file: string, name: string): string | undefined {
  const rules = ARROWS[room(file)];
  if (!rules) return undefined;
  const where = relative(ROOT, file);
  if (!name.startsWith('.')) return rules.packages.test(name) ? undefined : `${where} imports ${name}`;
  const goal = room(join(dirname(file), name));
  return rules.rooms.includes(goal) ? undefined : `${where} imports ${name} of ${goal}`;
}

test('imports follow the arrows: lib -> core <- adapters <- tasks, client -> adapters', () => {
  const files = ['lib', 'lambda'].flatMap((folder) => filesBelow(join(ROOT, folder)));
  const wrong = files.flatMap((file) => importsOf(file).map((name) => forbidden(file, name)));
  expect(wrong.filter(Boolean)).toEqual([]);
  expect(files.length).toBeGreaterThan(20);
});

test('a forbidden arrow would be seen', () => {
  expect(forbidden(join(ROOT, 'lambda/core/x.ts'), '@aws-sdk/client-dynamodb')).toBeDefined();
  expect(forbidden(join(ROOT, 'lambda/begin/x.ts'), 'aws-cdk-lib')).toBeDefined();
  expect(forbidden(join(ROOT, 'lib/x.ts'), '../lambda/begin/begin')).toBeDefined();
});
