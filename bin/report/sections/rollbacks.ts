import { type Rollback, rollbacksOf } from '../facts/rollbacks';
import type { Run } from '../facts/run';
import { count, duration, moment } from '../format';
import { type Html, html } from '../html';
import { badge, facts, nothing, section } from './section';

/** What was taken back and why, how long it took, and whether that helped. */
export function rollbacks(run: Run): Html {
  const all = rollbacksOf(run);
  const content = all.length === 0 ? nothing('Nothing was taken back.') : all.map(rollback);
  return section('rollbacks', 'Rollbacks', content);
}

function rollback({ mode, reason, at, arrivedAt, troubles, salvaged, health }: Rollback): Html {
  return html`<article class="rollback"><p class="reason">${reason || 'No reason is on record.'}</p>${facts([
    ['Way', mode],
    ['Began', moment(at, true)],
    ['Keys in legacy again', arrivedAt === undefined ? badge('wait', 'not yet') : moment(arrivedAt, true)],
    ['Took', arrivedAt === undefined ? html`<span class="unknown">not known</span>` : duration(arrivedAt - at)],
    ['Kept images', salvaged === 0 ? 'none' : `${count(salvaged, 'image')}, in the ledger as “salvaged”`],
    ['Left to do', troubles.length === 0 ? 'nothing on record' : troubles.map((text) => html`<p>${text}</p>`)],
    ['Health afterwards', healthText(health)],
  ])}</article>`;
}

function healthText(health: Rollback['health']): Html {
  if (!health) return html`<span class="unknown">not known: nobody has looked for long enough</span>`;
  const { isWell, seconds, complaints } = health;
  if (isWell) return html`${badge('good', 'restored')} after ${duration(seconds * 1000)}`;
  return html`${badge('bad', 'not restored')} within ${duration(seconds * 1000)}: ${complaints.join(' ')}`;
}
