#!/usr/bin/env node
import { type ParseArgsConfig, parseArgs } from 'node:util';
import pc from 'picocolors';
import { COMMANDS } from './commands';
import type { Command, Context, Option } from './commands/command';
import { Aws } from './operator/aws';
import { Change } from './operator/change';
import { findChange } from './operator/changes';
import { CommandError, EXIT, misused, refused, told } from './operator/failure';
import { commandHelp, generalHelp } from './operator/help';
import { version } from './operator/package';

/** Options of every command. */
const COMMON: Record<string, Option> = {
  migration: { value: 'ID', about: 'the change; may be left out where there is only one' },
  region: { value: 'NAME', about: 'AWS region (default: as AWS_REGION or the profile says)' },
  profile: { value: 'NAME', about: 'AWS profile (default: as AWS_PROFILE says)' },
  json: { about: 'prints one JSON document' },
  yes: { about: 'asks nothing' },
  help: { about: 'shows what a command does' },
};

/** Runs one command. Answers how the process ends. */
export async function main(args: readonly string[], out: NodeJS.WriteStream, signal: AbortSignal): Promise<number> {
  const json = args.includes('--json');
  try {
    const [verb, ...rest] = args;
    if (verb === '--version') return say(out, [version()]);
    if (verb === undefined || verb === 'help' || verb.startsWith('-')) return say(out, generalHelp(COMMANDS, COMMON));
    const command = COMMANDS[verb];
    if (!command) throw misused(`There is no command ${verb}. There is ${Object.keys(COMMANDS).join(', ')}.`);
    const { values, positionals } = parsed(verb, command, rest);
    if (values.help) return say(out, commandHelp(verb, command, COMMON));
    const { data, lines, exit = EXIT.done } = await command.run(contextOf(values, positionals, out, signal));
    if (json) out.write(`${JSON.stringify(data, null, 2)}\n`);
    else say(out, lines);
    return exit;
  } catch (error) {
    if (signal.aborted) return 130;
    return fail(error, json, out);
  }
}

/** Options and words of a command. @throws CommandError that says what is missing, or not known */
export function parsed(verb: string, command: Command, args: string[]) {
  const options = { ...COMMON, ...command.options };
  const config: ParseArgsConfig = {
    args,
    allowPositionals: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
    ),
  };
  const { values, positionals } = parse(verb, config);
  const { words = [] } = command;
  if (values.help) return { values, positionals };
  const missing = Object.entries(options).filter(([name, { required }]) => required && !`${values[name] ?? ''}`.trim());
  if (missing.length > 0) {
    const named = missing.map(([name, { value }]) => `--${name} ${value}`).join(' and ');
    throw misused(`${verb} needs ${named}. See: cdk-dynamodb-rollout ${verb} --help`);
  }
  if (positionals.length !== words.length) {
    const what = words.length === 0 ? `takes no '${positionals[0]}'` : `needs ${words.join(' ')}`;
    throw misused(`${verb} ${what}. See: cdk-dynamodb-rollout ${verb} --help`);
  }
  return { values, positionals };
}

function parse(verb: string, config: ParseArgsConfig) {
  try {
    const { values, positionals } = parseArgs(config);
    return { values: values as Context['options'], positionals };
  } catch (error) {
    throw misused(`${(error as Error).message} See: cdk-dynamodb-rollout ${verb} --help`);
  }
}

function contextOf(options: Context['options'], words: string[], out: NodeJS.WriteStream, signal: AbortSignal): Context {
  const { migration, region, profile, json, yes } = options;
  if (profile) process.env.AWS_PROFILE = profile as string;
  const aws = new Aws({ ...(region ? { region: region as string } : {}) });
  return {
    ...{ options, words, aws, signal, out, json: json === true },
    change: async () => new Change(await findChange(aws.ssm, migration as string | undefined), aws),
    confirm: (question) => (yes ? Promise.resolve() : asked(question, json === true)),
    tell: (line) => {
      if (!json) out.write(`${line}\n`);
    },
  };
}

async function asked(question: string, json: boolean): Promise<void> {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) {
    throw misused(`${question} Nobody is there to say so: add --yes if it is meant.`);
  }
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: question, initialValue: false });
  if (isCancel(answer) || !answer) throw refused('Nothing was changed.');
}

function say(out: NodeJS.WriteStream, lines: readonly string[]): number {
  if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}

/** One line for what a person can mend; anything else is a mistake of ours and keeps its stack. */
function fail(cause: unknown, json: boolean, out: NodeJS.WriteStream): number {
  const error = told(cause);
  const known = error instanceof CommandError;
  const message = error instanceof Error ? error.message : String(error);
  const exit = known ? error.exit : EXIT.failed;
  if (json) out.write(`${JSON.stringify({ error: message, exit })}\n`);
  else process.stderr.write(`${pc.red(known ? message : ((error as Error).stack ?? message))}\n`);
  return exit;
}

async function begin(): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const stop = new AbortController();
  process.on('SIGINT', () => (stop.signal.aborted ? process.exit(130) : stop.abort()));
  process.exit(await main(process.argv.slice(2), process.stdout, stop.signal));
}

if (require.main === module) void begin();
