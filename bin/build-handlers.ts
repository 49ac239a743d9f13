import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles every handler, `lambda/<task>/index.ts`, with the SDK inside, to `dist/handlers/<task>/index.mjs`. */
const root = join(__dirname, '..');
const lambda = join(root, 'lambda');
const NOT_HANDLERS = ['core', 'adapters', 'client'];

const tasks = readdirSync(lambda).filter((name) => !NOT_HANDLERS.includes(name) && existsSync(join(lambda, name, 'index.ts')));

build({
  entryPoints: tasks.map((task) => ({ in: join(lambda, task, 'index.ts'), out: join(task, 'index') })),
  outdir: join(root, 'dist', 'handlers'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  minify: true,
  keepNames: false,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  // Lambda gives credentials in environment variables: the other ways to them are a third of a bundle.
  alias: { '@aws-sdk/credential-provider-node': join(root, 'bin', 'lambda-credentials.ts') },
  // A few CommonJS dependencies of the SDK call require() at load time.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  logLevel: 'warning',
}).catch(() => process.exit(1));
