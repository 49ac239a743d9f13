import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const FIXTURE = join(__dirname, 'app');

/** The package as users get it, in an app of theirs that has the peers and nothing else: no esbuild, no sources. */
describe('the packed package', () => {
  let app: string;

  beforeAll(() => {
    app = mkdtempSync(join(tmpdir(), 'rollout-app-'));
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', app], { cwd: ROOT });
    const archive = readdirSync(app).find((name) => name.endsWith('.tgz')) as string;
    const home = join(app, 'node_modules', 'cdk-dynamodb-rollout');
    mkdirSync(home, { recursive: true });
    execFileSync('tar', ['-xzf', join(app, archive), '-C', home, '--strip-components=1']);
    for (const name of ['aws-cdk-lib', 'constructs', '@aws-sdk', '@smithy', '@aws-crypto', '@aws', 'tslib']) link(name);
    for (const name of Object.keys(require(join(ROOT, 'package.json')).dependencies)) link(name);
    cpSync(FIXTURE, app, { recursive: true });
    writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  }, 120_000);

  afterAll(() => rmSync(app, { recursive: true, force: true }));

  function link(name: string) {
    const from = join(ROOT, 'node_modules', name);
    const to = join(app, 'node_modules', name);
    if (!existsSync(from) || existsSync(to)) return;
    mkdirSync(join(to, '..'), { recursive: true });
    symlinkSync(from, to);
  }

  test('synthesises a migration without esbuild', () => {
    const out = execFileSync('node', ['app.cjs'], { cwd: app, encoding: 'utf8' });
    expect(JSON.parse(out)).toEqual({ stateMachines: 6, esbuild: false });
  }, 120_000);

  test('gives the client to CommonJS and to modules', () => {
    expect(execFileSync('node', ['client.cjs'], { cwd: app, encoding: 'utf8' }).trim()).toBe('function function');
    expect(execFileSync('node', ['client.mjs'], { cwd: app, encoding: 'utf8' }).trim()).toBe('function function');
  }, 60_000);

  test('refuses Transform.fromEntry with what to install', () => {
    expect(() => execFileSync('node', ['entry.cjs'], { cwd: app, encoding: 'utf8', stdio: 'pipe' })).toThrow(
      /npm install .*esbuild/,
    );
  }, 60_000);

  test('has the command line, and beside it what local AWS needs', () => {
    const bin = join(app, 'node_modules', 'cdk-dynamodb-rollout', 'dist', 'bin');
    const help = execFileSync('node', [join(bin, 'cli.js'), 'drill', '--help'], { cwd: app, encoding: 'utf8' });
    expect(help).toMatch(/cdk-dynamodb-rollout drill --sample FILE/);
    for (const name of ['launch.py', 'requirements.txt']) expect(existsSync(join(bin, 'local-aws', name))).toBe(true);
  }, 60_000);

  test('passes publint', () => {
    execFileSync(join(ROOT, 'node_modules', '.bin', 'publint'), [join(app, 'node_modules', 'cdk-dynamodb-rollout'), '--strict'], {
      stdio: 'pipe',
    });
  }, 60_000);
});
