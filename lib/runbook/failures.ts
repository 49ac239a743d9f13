import type { Manifest } from '../operations/manifest';
import { steps } from './catalogue';
import { placeOf } from './change-words';
import { type Block, facts, heading, list, page, paragraph, prose, type Text } from './document';
import type { FailureMode } from './failure-mode';
import { applies, FAILURE_MODES } from './failure-modes';

/** What can go wrong with this change: what it looks like, what the system does by itself, what a person does. */
export function failures(manifest: Manifest): Block[] {
  const modes = FAILURE_MODES.filter((mode) => applies(mode, manifest));
  const nobody = modes.filter(({ remedy }) => remedy.length === 0);
  return [
    page('What goes wrong'),
    ...modes.filter(({ remedy }) => remedy.length > 0).flatMap((mode) => failure(manifest, mode)),
    ...(nobody.length > 0 ? [heading(3, 'What needs nobody'), list(nobody.map(inShort))] : []),
  ];
}

function failure(manifest: Manifest, { title, symptom, cause, detection, response, remedy }: FailureMode): Block[] {
  const names = detection.errors ?? [];
  return [
    heading(3, title),
    facts(
      ['Looks like', symptom],
      ...(names.length > 0
        ? ([['Error', names.flatMap((code, index) => [...(index > 0 ? [', '] : []), { code }])]] as const)
        : []),
      ['Cause', cause],
      ['By itself', response],
    ),
    paragraph([{ strong: 'What you do' }]),
    ...steps(remedy, placeOf(manifest)),
  ];
}

function inShort({ title, response }: FailureMode): Text {
  return [{ strong: `${title}.` }, ' ', ...prose(response)];
}
