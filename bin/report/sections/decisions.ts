import { decisionsOf } from '../facts/decisions';
import type { Run } from '../facts/run';
import { duration, moment, shortArn } from '../format';
import { type Html, html } from '../html';
import { badge, nothing, section, table } from './section';

const UNRECORDED = html`<span class="unknown">not recorded</span>`;

/** Who decided what, and why. */
export function decisions(run: Run): Html {
  const all = decisionsOf(run);
  if (all.length === 0) return section('decisions', 'Decisions', nothing('Nobody has decided anything.'));
  const rows = all.map(({ at, what, tone, who, reason, waited }) => [
    moment(at),
    badge(tone, what),
    who === undefined ? UNRECORDED : html`<span title="${who}">${shortArn(who)}</span>`,
    reason || UNRECORDED,
    waited === undefined ? '' : duration(waited),
  ]);
  return section('decisions', 'Who decided what', table('Decisions', ['When', 'What', 'Who', 'Reason', 'Waited#'], rows));
}
