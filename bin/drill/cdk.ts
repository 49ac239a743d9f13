import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { DRILL_CONTEXT } from '../../lib/change/drill-context';
import { misused, refused } from '../operator/failure';
import { cdk, type Place } from '../rehearsal/deploy';

/** The CDK command line of a project. @throws CommandError where it has none */
export function cdkOf(folder: string): string {
  try {
    const file = createRequire(join(folder, 'package.json')).resolve('aws-cdk/package.json');
    const { bin } = JSON.parse(readFileSync(file, 'utf8')) as { bin: { cdk: string } };
    return join(dirname(file), bin.cdk);
  } catch {
    throw refused(
      `The CDK command line is not installed in ${folder}. Run the drill in the folder of your app, after: npm install --save-dev aws-cdk`,
    );
  }
}

/** Where the assembly is, or is to be. */
export type Source = { readonly synthesised: string } | { readonly app?: string };

/** What `--app` says: a folder that is synthesised, or the command of an app; without it, the app of cdk.json. @throws CommandError */
export function sourceOf(folder: string, app: string | undefined): Source {
  const path = app && resolve(folder, app);
  if (path && existsSync(path) && statSync(path).isDirectory()) {
    if (existsSync(join(path, 'manifest.json'))) return { synthesised: path };
    throw misused(`--app ${app} is a folder without a cloud assembly: give one that cdk synth made, or the command of the app.`);
  }
  if (app) return { app };
  if (existsSync(join(folder, 'cdk.json'))) return {};
  throw misused(`There is no cdk.json in ${folder}. Run the drill in the folder of your app, or say how to run it with --app.`);
}

/** Has the app synthesised for a drill, unless it is. Answers the folder of the assembly. */
export async function synthesised(source: Source, place: Place): Promise<string> {
  if ('synthesised' in source) return source.synthesised;
  const app = source.app ? ['--app', source.app] : [];
  await cdk(place, 'cdk synth', ['synth', '--quiet', '--output', place.assembly, '-c', `${DRILL_CONTEXT}=true`, ...app]);
  return place.assembly;
}
