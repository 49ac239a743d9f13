import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles the command line, with the SDK inside, to `dist/bin/cli.js`: whoever installs the constructs installs no SDK for it. */
const root = join(__dirname, '..');

build({
  entryPoints: [join(root, 'bin', 'cli.ts')],
  outfile: join(root, 'dist', 'bin', 'cli.js'),
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
}).catch(() => process.exit(1));
