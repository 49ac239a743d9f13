import type { Command, Option } from '../commands/command';

/** What there is. */
export function generalHelp(commands: Readonly<Record<string, Command>>, common: Readonly<Record<string, Option>>): string[] {
  return [
    'cdk-dynamodb-rollout <command> [options]',
    '',
    'Watches, decides and takes back changes of DynamoDB tables, on AWS or, with AWS_ENDPOINT_URL, on local AWS.',
    '',
    ...columns(Object.entries(commands).map(([verb, { about }]) => [verb, about])),
    '',
    'With every command:',
    ...columns(Object.entries(common).map(([name, option]) => [flag(name, option), option.about])),
    '',
    'Exit codes: 0 done, 1 failed, 2 not understood, 3 refused and nothing changed, 4 AWS could not be asked, 5 an honest no',
    '(a ledger that was tampered with, tables that differ, a run or a drill that failed).',
  ];
}

/** What one command does. */
export function commandHelp(verb: string, command: Command, common: Readonly<Record<string, Option>>): string[] {
  const { about, details, words = [], options = {} } = command;
  const own = Object.entries(options);
  const usage = own.map(([name, option]) => (option.required ? flag(name, option) : `[${flag(name, option)}]`));
  return [
    ['cdk-dynamodb-rollout', verb, ...words, ...usage].join(' '),
    '',
    `${about[0]?.toUpperCase()}${about.slice(1)}.`,
    ...(details ? ['', details] : []),
    '',
    ...columns([...own, ...Object.entries(common)].map(([name, option]) => [flag(name, option), option.about])),
  ];
}

function flag(name: string, { value }: Option): string {
  return value ? `--${name} ${value}` : `--${name}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
