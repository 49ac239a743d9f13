/** What the command line is asked to do, verb by verb. A text such as `<why>` is for whoever types it to fill in. */
export interface Verbs {
  readonly list: Nothing;
  readonly plan: Nothing;
  readonly start: Reasoned;
  readonly status: { readonly watch?: true };
  readonly approve: Decision;
  readonly reject: Decision;
  readonly pause: Reasoned;
  readonly resume: Reasoned;
  readonly set: Reasoned & { readonly writeUnits?: number | string; readonly concurrency?: number | string };
  readonly rollback: Reasoned & { readonly mode: 'soft' | 'hard' | 'immediate' };
  /** `key`: JSON of the key attributes. */
  readonly trace: { readonly key: string };
  readonly reconcile: Nothing;
  readonly redrive: Nothing;
  /** `sample`: file with items of the legacy table. */
  readonly drill: { readonly sample: string };
  readonly report: Nothing;
  readonly runbook: Nothing;
  readonly 'verify-ledger': Nothing;
  readonly complete: Reasoned & { readonly early?: true };
  /** `as`: name of the new table. `run`: the run before which the data stood; the newest if not given. */
  readonly restore: { readonly as: string; readonly run?: string };
}

type Nothing = { readonly [option: string]: never };

interface Reasoned {
  readonly reason: string;
}

interface Decision extends Reasoned {
  readonly stage: string;
  readonly as: string;
}

export type Verb = keyof Verbs;

/** A verb and its options, without where. */
export interface Command {
  readonly verb: Verb;
  /** Arguments after the verb. */
  readonly args: readonly string[];
}

/** Where a command acts. */
export interface Place {
  /** @default - the one change of the account and region */
  readonly migration?: string;
  /** @default - that of whoever types it */
  readonly region?: string;
}

/** Every command that a runbook, a catalogue or a pre-mortem names is made here, so that a test can run each of them. */
export function command<V extends Verb>(verb: V, options: Verbs[V]): Command {
  const { key, mode, ...rest } = options as Partial<Record<string, string | number | boolean>>;
  const named = Object.entries(rest).flatMap(([name, value]) => argument(name, value));
  return {
    verb,
    args: [...(key === undefined ? [] : [`${key}`]), ...(mode === undefined ? [] : (MODES[`${mode}`] ?? [])), ...named],
  };
}

/** All arguments of `npx`, the verb being the second. */
export function argumentsOf({ verb, args }: Command, { migration, region }: Place): string[] {
  const where = [...(migration ? ['--migration', migration] : []), ...(region ? ['--region', region] : [])];
  return ['cdk-dynamodb-rollout', verb, ...args, ...where];
}

/** The line to type into a shell. */
export function shellLine(args: readonly string[]): string {
  return shellWords(args).join(' ');
}

/** Its words, each quoted where it has to be. */
export function shellWords(args: readonly string[]): string[] {
  return ['npx', ...args].map(quoted);
}

const MODES: Readonly<Record<string, readonly string[]>> = {
  soft: ['--soft'],
  hard: ['--hard'],
  immediate: ['--hard', '--immediate'],
};

function argument(name: string, value: string | number | boolean | undefined): string[] {
  if (value === undefined) return [];
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return value === true ? [flag] : [flag, `${value}`];
}

/** Quoted where a POSIX shell would take it for something else. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_.:/=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
