import type { ReportData } from '../data';
import type { Run } from '../facts/run';
import { stagesOf } from '../facts/stages';
import { duration, moment, number } from '../format';
import { type Html, html } from '../html';
import { badge, nothing, section, table } from './section';

const TONES = { passed: 'good', failed: 'bad', 'under way': 'wait', 'not reached': 'neutral' } as const;
const NONE = html`<span class="unknown">–</span>`;

/** The stages of the plan, each with what was observed while it baked. */
export function stages(run: Run, data: ReportData): Html {
  const all = stagesOf(run, data);
  if (all.length === 0) return section('stages', 'Stages', nothing('The ledger does not name the stages of this run.'));
  const rows = all.map(({ name, state, from, to, observed }) => [
    html`<strong>${name}</strong>`,
    badge(TONES[state], state),
    from === undefined ? NONE : moment(from),
    from === undefined || to === undefined ? NONE : duration(to - from),
    observed ? number(observed.observations) : NONE,
    observed ? number(observed.inconclusive) : NONE,
    observed ? `${number(observed.diverged)} / ${number(observed.checked)}` : NONE,
    observed ? `${number(observed.longestLag)} s` : NONE,
  ]);
  const columns = ['Stage', 'State', 'Began', 'Took#', 'Observations#', 'Inconclusive#', 'Differing / compared#', 'Longest lag#'];
  return section('stages', 'Stages', table('Stages', columns, rows));
}
