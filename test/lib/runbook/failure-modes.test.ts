import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS } from '../../../bin/rehearsal/faults';
import { ERROR_NAMES } from '../../../lambda/core/errors';
import { Gate, Trigger } from '../../../lib';
import { GATE_KINDS } from '../../../lib/gates/gate-kinds';
import { catalogue } from '../../../lib/runbook/catalogue';
import { commandsOf } from '../../../lib/runbook/document';
import type { FailureMode } from '../../../lib/runbook/failure-mode';
import { FAILURE_MODES } from '../../../lib/runbook/failure-modes';
import { toMarkdown } from '../../../lib/runbook/markdown';
import { TRIGGER_KINDS } from '../../../lib/safety/trigger-kinds';
import { CONTROL_CASES } from '../../scenario/control-cases';
import { HARD_CASES } from '../../scenario/hard-cases';
import { BAD_VARIANTS } from '../../simulation/bad-variants';

const ROOT = join(__dirname, '..', '..', '..');

/** Everything that shows something, by the kind of proof. Without a fault nothing goes wrong. */
const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  rehearse: FAULTS.filter((fault) => fault !== 'none'),
  scenario: [...Object.keys(HARD_CASES), ...Object.keys(CONTROL_CASES)],
  bad: Object.keys(BAD_VARIANTS),
};

function exists(proof: string): boolean {
  const [kind, what] = split(proof, ':');
  if (kind !== 'test') return SCENARIOS[kind]?.includes(what) ?? false;
  const [file, title] = split(what, ': ');
  const path = join(ROOT, 'test', file);
  return existsSync(path) && titlesOf(path).includes(title);
}

/** Texts in the file that can be a title: of a test, of a group, or of a case in a table. */
function titlesOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/(?:\(|\[|^\s*)(['`"])((?:(?!\1).)+)\1,/gm)].map((match) => match[2] as string);
}

function split(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return [text.slice(0, at), text.slice(at + by.length)];
}

const missing = (mode: Pick<FailureMode, 'id' | 'proof'>) =>
  mode.proof.length === 0
    ? [`${mode.id} names no proof`]
    : mode.proof.filter((proof) => !exists(proof)).map((proof) => `${mode.id}: ${proof}`);

describe('every failure mode', () => {
  it('has an id and a title of its own', () => {
    for (const name of ['id', 'title'] as const) {
      const names = FAILURE_MODES.map((mode) => mode[name]);
      expect(names.filter((one, index) => names.indexOf(one) !== index)).toEqual([]);
    }
  });

  it('names a scenario, and one that there is', () => expect(FAILURE_MODES.flatMap(missing)).toEqual([]));

  it('would be told if it did not', () => {
    const proof = [
      'rehearse:flood',
      'scenario:rain',
      'bad:weather',
      'test:nowhere.test.ts: a storm',
      'test:pause/pause.test.ts: a storm',
    ];
    expect(missing({ id: 'weather', proof: proof as FailureMode['proof'] })).toHaveLength(5);
    expect(missing({ id: 'calm', proof: [] })).toHaveLength(1);
  });
});

describe('every', () => {
  const proofs = FAILURE_MODES.flatMap(({ proof }) => proof as readonly string[]);

  it.each(Object.entries(SCENARIOS))('%s belongs to a failure mode', (kind, names) => {
    expect(names.filter((name) => !proofs.includes(`${kind}:${name}`))).toEqual([]);
  });

  it('error has its place', () => {
    const named = FAILURE_MODES.flatMap(({ detection }) => detection.errors ?? []);
    expect(ERROR_NAMES.filter((name) => !named.includes(name))).toEqual([]);
  });

  it.each([
    ['trigger', Trigger, TRIGGER_KINDS, 'triggers'],
    ['gate', Gate, GATE_KINDS, 'gates'],
  ] as const)('%s has its place', (_, type, kinds, field) => {
    const factories = Object.getOwnPropertyNames(type).filter((name) => typeof type[name as keyof typeof type] === 'function');
    expect([...kinds].sort()).toEqual(factories.sort());
    const named: string[] = FAILURE_MODES.flatMap(({ detection }) => detection[field] ?? []);
    expect(kinds.filter((kind) => !named.includes(kind))).toEqual([]);
  });
});

describe('docs/failure-modes.md', () => {
  it('is what the catalogue says: `npx tsx bin/write-failure-modes.ts` writes it', () => {
    expect(readFileSync(join(ROOT, 'docs', 'failure-modes.md'), 'utf8')).toBe(toMarkdown(catalogue()));
  });

  it('has commands that name no change: one account and region may have only one', () => {
    const commands = commandsOf(catalogue());
    expect(commands.length).toBeGreaterThan(50);
    expect(commands.filter(({ args }) => args.includes('--migration'))).toEqual([]);
  });
});
