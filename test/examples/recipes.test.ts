import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleTransform } from '../../lib/migration/bundle-transform';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

/** What a recipe may import: what a user has who installed the package, and its own files. */
const COPYABLE = /^(cdk-dynamodb-rollout(\/client)?|aws-cdk-lib(\/[a-z-]+)?|constructs|node:path|\.\/[a-z-]+)$/;

/** The questions that a reader has, as headings, in order. */
const HEADINGS = ['When to take it', 'What to change', 'What to watch', 'What it costs', 'The way back'];

// The whole example, which is rehearsed, is no recipe.
const RECIPES = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'cities')
  .map(({ name }) => name);

test('there is one for each way to change a table', () => {
  const names = ['add-an-index', 'amend-in-place', 'change-a-key', 'move-a-table', 'split-a-single-table'];
  expect(RECIPES.sort()).toEqual(names);
  const list = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
  expect(names.filter((name) => !list.includes(`(${name}/README.md)`))).toEqual([]);
});

describe.each(RECIPES)('%s', (name) => {
  const path = (file: string) => join(EXAMPLES, name, file);

  it('is a stack, a transform, a page and a test', () => {
    expect(readdirSync(join(EXAMPLES, name)).sort()).toEqual(['README.md', 'stack.ts', 'transform.ts']);
    expect(existsSync(join(__dirname, `${name}.test.ts`))).toBe(true);
  });

  it('can be copied: it imports what the package has', () => {
    const imports = ['stack.ts', 'transform.ts'].flatMap((file) => [
      ...readFileSync(path(file), 'utf8').matchAll(/ from '([^']+)'/g),
    ]);
    expect(imports.map(([, from]) => from).filter((from) => !COPYABLE.test(from as string))).toEqual([]);
    expect(imports.length).toBeGreaterThan(3);
  });

  it('is bundled without the client that the application has', () => {
    expect(bundleTransform(path('transform.ts'), name).length).toBeLessThan(3000);
  });

  it('answers what a reader asks, on one page', () => {
    const text = readFileSync(path('README.md'), 'utf8');
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
    expect(text.split('\n').length).toBeLessThan(60);
  });
});
