import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './shell';

/** Where things are and how to talk to AWS. */
export interface Place {
  readonly root: string;
  /** The program of the CDK command line. */
  readonly cdk: string;
  /** For outputs and logs. */
  readonly folder: string;
  /** The cloud assembly: synthesised once, deployed by every half. */
  readonly assembly: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Outputs of one stack by name. */
export type Outputs = Readonly<Record<string, string>>;

/** Builds the handlers and the command line, then synthesises the example app for a rehearsal. */
export async function synthesise(place: Place, { staged, watched }: { staged: boolean; watched: boolean }): Promise<void> {
  const tsx = join(place.root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  await script(place, 'Building the handlers', tsx, [join('bin', 'build-handlers.ts')]);
  await script(place, 'Building the command line', tsx, [join('bin', 'build-cli.ts')]);
  await cdk(place, 'cdk synth', [
    'synth',
    '--quiet',
    '--output',
    place.assembly,
    '-c',
    'profile=rehearsal',
    '-c',
    `staged=${staged}`,
    '-c',
    `watched=${watched}`,
  ]);
}

/** `cdk bootstrap`, which every account needs once. */
export async function bootstrap(place: Place): Promise<void> {
  const { AWS_REGION: region } = place.environment;
  await cdk(place, 'cdk bootstrap', ['bootstrap', `aws://000000000000/${region}`, '--app', place.assembly]);
}

/** `cdk deploy` of one stack and no other. */
export async function deploy(place: Place, stack: string, options: readonly string[] = []): Promise<Outputs> {
  const file = join(place.folder, `outputs-${stack.replace(/\W+/g, '-')}.json`);
  const args = ['deploy', stack, '--exclusively', '--app', place.assembly, '--outputs-file', file, ...options];
  await cdk(place, `cdk deploy ${stack}`, [...args, '--require-approval', 'never', '--progress', 'events']);
  const outputs = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Outputs>) : {};
  return outputs[stack] ?? {};
}

/** `cdk destroy`, for a local AWS that goes on after us. */
export async function destroy(place: Place, stacks: readonly string[]): Promise<void> {
  await cdk(place, 'cdk destroy', ['destroy', ...stacks, '--force', '--app', place.assembly]);
}

/** One command of the CDK command line. */
export function cdk(place: Place, name: string, args: readonly string[]): Promise<void> {
  return script(place, name, place.cdk, [...args, '--no-notices', '--no-version-reporting', '--ci']);
}

function script(place: Place, name: string, file: string, args: readonly string[]): Promise<void> {
  const { root, folder, environment, signal } = place;
  const env = {
    ...withoutProfile(process.env),
    ...environment,
    CI: '1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  return run({ name, script: file, args, cwd: root, env, logFile: join(folder, 'cdk.log'), signal });
}

/** A profile of the user would win over the keys of local AWS. */
function withoutProfile(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { AWS_PROFILE: _, AWS_SESSION_TOKEN: __, ...rest } = env;
  return rest;
}
