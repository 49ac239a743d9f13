import { GATE_KINDS } from '../../../lib/gates/gate-kinds';
import { gateWords } from '../../../lib/runbook/gate-words';
import { triggerWords } from '../../../lib/runbook/trigger-words';
import { TRIGGER_KINDS } from '../../../lib/safety/trigger-kinds';
import { CHANGES, GATES, TRIGGERS } from './changes';

const { manifest } = CHANGES['a maximal migration']?.() ?? {};

/** Numbers that nobody has said would be `undefined`. */
const WORDS = /^(?!.*(undefined|NaN|\[object)).{15,}/;

test('every factory of a trigger is in words, with its numbers', () => {
  expect(Object.keys(TRIGGERS).sort()).toEqual([...TRIGGER_KINDS].sort());
  const own = manifest?.triggers.filter(({ id }) => !id.startsWith('Risk-'));
  const told = new Map(own?.map((trigger) => [trigger.kind, triggerWords(trigger, 'rehydrate')]));
  expect([...told.keys()].sort()).toEqual([...TRIGGER_KINDS].sort());
  for (const { goesOff, does } of told.values()) {
    expect(goesOff).toMatch(WORDS);
    expect(does).toMatch(WORDS);
  }
  expect(Object.fromEntries([...told].map(([kind, { goesOff, does }]) => [kind, `${goesOff}: ${does}`]))).toMatchSnapshot();
});

test('every factory of a gate is in words, with its numbers, in the order in which a stage asks them', () => {
  expect(Object.keys(GATES)).toEqual([...GATE_KINDS]);
  const told = (manifest?.stages ?? []).flatMap(({ checks }) => gateWords(checks));
  expect([...new Set(told.map(({ kind }) => kind))].sort()).toEqual([...GATE_KINDS].sort());
  for (const { passes } of told) expect(passes).toMatch(WORDS);
  expect(told.map(({ kind, when, passes }) => `${kind}, ${when}: ${passes}`)).toMatchSnapshot();
});

test('in place there is one way back, whatever mode a trigger asks for', () => {
  const fenced = { kind: 'alarm', id: 'Own', rollback: 'fenced' } as const;
  expect(triggerWords(fenced, 'amend').does).toBe('takes traffic back');
  expect(triggerWords({ ...fenced, rollback: 'pause' }, 'amend').does).toMatch(/pauses/);
  expect(triggerWords(fenced, 'rehydrate').goesOff).toBe('an alarm of yours goes off');
});
