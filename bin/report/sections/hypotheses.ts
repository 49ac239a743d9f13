import type { Run } from '../facts/run';
import { type Html, html } from '../html';
import { outcomesOf } from '../lessons';
import { badge, nothing, section, table } from './section';

const TONES = { held: 'good', broken: 'bad', unknown: 'wait' } as const;

/** What the run was expected not to do, and what became of it. */
export function hypotheses({ events }: Run): Html {
  const all = outcomesOf(events);
  if (all.length === 0)
    return section('hypotheses', 'Hypotheses', nothing('None is on record: the plan has none, or the run has not ended.'));
  const rows = all.map(({ id, statement, owner, outcome, evaluations, failed }) => [
    html`<strong>${id}</strong><br>${statement}`,
    badge(TONES[outcome], outcome),
    owner,
    evaluations === 0 ? 'not measured' : `${failed} of ${evaluations}`,
  ]);
  return section('hypotheses', 'Hypotheses', table('Hypotheses', ['Hypothesis', 'Outcome', 'Owner', 'Beyond its bound#'], rows));
}
