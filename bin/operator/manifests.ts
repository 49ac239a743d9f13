import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../lib/operations/manifest';
import { misused } from './failure';

const ENDING = '.rollout.json';

/** Where `cdk synth` writes, unless told otherwise. */
export const ASSEMBLY = 'cdk.out';

/** The manifest of the change that is named in a cloud assembly, or of the only one. @throws CommandError that says what there is */
export function manifestIn(folder: string, migration: string | undefined): Manifest {
  if (!existsSync(folder)) throw misused(`There is no folder ${folder}. Run cdk synth, or name the cloud assembly with --app.`);
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length));
  if (names.length === 0) throw misused(`There is no change in ${folder}. Synthesise the app with this version of the package.`);
  const name = migration ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined)
    throw misused(`There are ${names.length} changes in ${folder}: say which with --migration, one of ${names.join(', ')}.`);
  if (!names.includes(name)) throw misused(`There is no change ${name} in ${folder}. There is ${names.join(', ')}.`);
  return JSON.parse(readFileSync(join(folder, `${name}${ENDING}`), 'utf8')) as Manifest;
}
