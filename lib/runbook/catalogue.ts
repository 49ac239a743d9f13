import { type Block, type Document, facts, heading, instructions, list, paragraph, prose, type Text } from './document';
import type { FailureMode, Proof, Remedy } from './failure-mode';
import { CHAPTERS } from './failure-modes';
import { joined } from './quantities';

const KINDS = { rehydrate: 'a migration', amend: 'an amendment', reindex: 'a reindex' } as const;

/** Every failure mode: `docs/failure-modes.md`. */
export function catalogue(): Document {
  return {
    title: 'What goes wrong, and what is done about it',
    about: prose(
      'Every failure that is handled or known, from one table in `lib/runbook`. This page is made of it: `npx tsx bin/write-failure-modes.ts`. The runbook of a change has those that can happen to it, with its real names.',
    ),
    blocks: CHAPTERS.flatMap(({ title, modes }) => [heading(2, title), ...modes.flatMap(entry)]),
  };
}

function entry(mode: FailureMode): Block[] {
  const { title, kinds, onlyWith, symptom, cause, detection, response, remedy, proof } = mode;
  const gates = onlyWith
    ? ` with ${joined(
        onlyWith.map((gate) => `\`Gate.${gate}()\``),
        'or',
      )}`
    : '';
  return [
    heading(3, title),
    facts(
      [
        'Can happen to',
        `${joined(
          kinds.map((kind) => KINDS[kind]),
          'or',
        )}${gates}`,
      ],
      ['Looks like', symptom],
      ['Cause', cause],
      ['Noticed by', noticedBy(detection)],
      ['By itself', response],
    ),
    ...(remedy.length > 0
      ? [paragraph([{ strong: 'What a person does' }]), ...steps(remedy, {})]
      : [paragraph('A person does nothing.')]),
    paragraph([{ strong: 'Proved by' }]),
    list(proof.map(provedBy)),
  ];
}

/** What notices it: always, and where the plan has it. */
function noticedBy({ by, triggers = [], gates = [], errors = [] }: FailureMode['detection']): string {
  const watchers = [...triggers.map((kind) => `\`Trigger.${kind}()\``), ...gates.map((kind) => `\`Gate.${kind}()\``)];
  const named =
    errors.length > 0
      ? ` Named ${joined(
          errors.map((name) => `\`${name}\``),
          'or',
        )}.`
      : '';
  return `${by}${watchers.length > 0 ? ` Where there is one: ${joined(watchers)}.` : ''}${named}`;
}

/** Steps of a remedy: what is said, and what is typed, in order. */
export function steps(remedy: readonly Remedy[], place: Parameters<typeof instructions>[0]): Block[] {
  return remedy.map((step) => (typeof step === 'string' ? paragraph(step) : instructions(place, [step.say, step.command])));
}

function provedBy(proof: Proof): Text {
  const at = proof.indexOf(':');
  const [kind, what] = [proof.slice(0, at), proof.slice(at + 1)];
  switch (kind) {
    case 'rehearse':
      return [{ code: `npm run rehearse -- --fault ${what}` }, ', on local AWS'];
    case 'scenario':
      return [{ code: 'test/scenario' }, `, over memory and over local AWS: ${what}`];
    case 'bad':
      return [{ code: `npm run simulate -- --bad ${what}` }, ': without the rule that prevents it, it is seen'];
    default: {
      const [file, ...title] = what.split(': ');
      return [{ code: `test/${file}` }, `: ${title.join(': ')}`];
    }
  }
}
