import { join } from 'node:path';
import type * as Esbuild from 'esbuild';
import { refusal } from '../private/refuse';

/**
 * `defineTransform` and `defineAmendment` alone. A transform imports them from the client, but must not carry the client along: its
 * checksum would change with every version of the SDK.
 */
const DEFINITIONS = join(__dirname, '..', '..', 'lambda', 'client', 'definitions');

/** One ES module that needs nothing else, and tells nothing of where it was made. */
export const BUNDLE = {
  bundle: true,
  write: false,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  alias: { 'cdk-dynamodb-rollout/client': DEFINITIONS },
  logLevel: 'silent',
} as const;

/** The file as one ES module. `shown` is how the user named it. */
export function bundleTransform(file: string, shown: string): string {
  const { outputFiles, metafile } = build(file, shown);
  const [output] = Object.values(metafile.outputs);
  if (!output?.exports.includes('default')) {
    throw refusal(
      'Transform.fromEntry()',
      'entry',
      'must have defineTransform({ ... }) or defineAmendment({ ... }) as its default export',
      shown,
    );
  }
  return (outputFiles[0] as Esbuild.OutputFile).text;
}

function build(file: string, shown: string) {
  const esbuild = loadEsbuild('Transform.fromEntry()');
  try {
    return esbuild.buildSync({ ...BUNDLE, entryPoints: [file], metafile: true });
  } catch (error) {
    const problems = ((error as Partial<Esbuild.BuildFailure>).errors ?? []).map(messageOf).join('; ');
    throw refusal('Transform.fromEntry()', 'entry', `must compile: ${problems || error}`, shown);
  }
}

function messageOf({ text, location }: Esbuild.Message): string {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}

/** @throws where esbuild is not installed in the user's app */
export function loadEsbuild(owner: string): typeof Esbuild {
  try {
    return require('esbuild') as typeof Esbuild;
  } catch {
    throw refusal(
      owner,
      'entry',
      'needs esbuild, which is not installed: run `npm install --save-dev esbuild`, or bundle the file yourself and use Transform.fromBundle()',
    );
  }
}
