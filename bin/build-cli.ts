import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the command line, with the SDK inside, to `dist/bin/cli.js`: whoever installs the constructs installs no SDK for it. What
 * local AWS needs in Python lies beside it.
 */
const root = join(__dirname, '..');

const python = join('bin', 'local-aws');
for (const name of readdirSync(join(root, python)).filter((each) => /\.(py|txt)$/.test(each))) {
  cpSync(join(root, python, name), join(root, 'dist', python, name));
}

build({
  entryPoints: [join(root, 'bin', 'cli.ts')],
  outfile: join(root, 'dist', 'bin', 'cli.js'),
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // The entry for Node looks for a canvas at the top of its module, which this format cannot wait for. Reports draw none.
  alias: { 'vega-canvas': join(root, 'node_modules', 'vega-canvas', 'build', 'vega-canvas.browser.js') },
  logLevel: 'warning',
}).catch(() => process.exit(1));
