import { parsed } from '../../bin/cli';
import { COMMANDS } from '../../bin/commands';
import type { Command } from '../../bin/commands/command';
import { RunbookCommands } from '../../bin/rehearsal/runbook-commands';
import { commandsOf } from '../../lib/runbook/document';
import { FAILURE_MODES } from '../../lib/runbook/failure-modes';
import { runbook } from '../../lib/runbook/runbook';
import { CHANGES, type Synthesised } from '../lib/runbook/changes';

describe.each(Object.entries(CHANGES))('the runbook of %s', (_, change) => {
  test('has no command that the command line does not understand', () => {
    const commands = commandsOf(runbook(change().manifest));
    expect(commands.length).toBeGreaterThan(10);
    for (const { args } of commands) {
      const [, verb = '', ...rest] = args;
      expect(Object.keys(COMMANDS)).toContain(verb);
      expect(() => parsed(verb, COMMANDS[verb] as Command, rest)).not.toThrow();
    }
  });
});

test('the catalogue has no command that the command line does not understand', () => {
  const commands = FAILURE_MODES.flatMap(({ remedy }) =>
    remedy.flatMap((step) => (typeof step === 'string' ? [] : [step.command])),
  );
  for (const { verb, args } of commands) expect(() => parsed(verb, COMMANDS[verb] as Command, [...args])).not.toThrow();
});

test('blanks are filled in in their order, and what nobody took is told', () => {
  const book = new RunbookCommands((CHANGES['a minimal migration'] as () => Synthesised)().manifest);
  expect(book.take('rollback --soft --reason', 'slow')).toEqual(
    expect.arrayContaining(['rollback', '--soft', '--reason', 'slow']),
  );
  expect(book.missing()).not.toContain('rollback --soft --reason');
  expect(book.missing()).toContain('rollback --hard --reason');
  expect(() => book.take('rollback --gently')).toThrow(/The runbook has no command 'rollback --gently'/);
});
