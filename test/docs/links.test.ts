import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** Made by `npm run docs:api`, and not part of the tree. */
const MADE = 'docs/api/README.md';

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);

/** The files that a page links to, and the heading of each, where it names one. */
function linksOf(page: string): { file: string; heading?: string }[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, target = '']) => {
    const [path, heading] = target.split('#');
    const file = path ? relative(ROOT, join(ROOT, dirname(page), path)) : page;
    return { file, ...(heading ? { heading } : {}) };
  });
}

/** As GitHub names headings. */
function anchorsOf(file: string): string[] {
  const headings = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^#+ (.*)$/gm)];
  return headings.map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function brokenIn(page: string): string[] {
  return linksOf(page)
    .filter(({ file }) => file !== MADE)
    .filter(({ file, heading }) => !existsSync(join(ROOT, file)) || (heading && !anchorsOf(file).includes(heading)))
    .map(({ file, heading = '' }) => `${page}: ${file}#${heading}`);
}

test('every link of every page leads somewhere', () => {
  expect(pages.flatMap(brokenIn)).toEqual([]);
  expect(pages.flatMap(linksOf).length).toBeGreaterThan(20);
});

test('every page of docs is in its table of contents', () => {
  const contents = linksOf('docs/README.md').map(({ file }) => file);
  const own = pages.filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== 'docs/README.md');
  expect(own.filter((page) => !contents.includes(page))).toEqual([]);
});
