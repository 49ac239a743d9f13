import type { ReportData } from '../data';
import { type GateFact, gatesOf } from '../facts/gates';
import type { Run } from '../facts/run';
import { number } from '../format';
import { type Html, html, type Part } from '../html';
import { badge, nothing, section, table } from './section';

const TONES: Readonly<Record<string, string>> = { successful: 'good', failed: 'bad', error: 'bad', inconclusive: 'wait' };

/** The gates of the stages, each with what it measured and what with that was compared. */
export function gates(run: Run, data: ReportData): Html {
  const all = gatesOf(run, data);
  if (all.length === 0) return section('gates', 'Gates', nothing('No gate of this run is on record.'));
  const rows = all.map((gate) => [
    gate.stage,
    html`<strong>${gate.id}</strong>${gate.observeOnly && html` <span class="note">only observes</span>`}`,
    badge(TONES[gate.verdict] ?? 'neutral', gate.verdict),
    counts(gate),
    evidence(gate),
  ]);
  return section(
    'gates',
    'Gates and their evidence',
    table('Gates', ['Stage', 'Gate', 'Verdict', 'Evaluations', 'Last evidence'], rows),
  );
}

function counts({ evaluations, failed = 0, doubts }: GateFact): Part {
  if (evaluations === undefined) return 'once';
  const told = [
    failed > 0 && `${failed} failed`,
    doubts === undefined ? 'doubts not recorded' : doubts > 0 && `${doubts} without verdict`,
  ];
  return [String(evaluations), ...told.filter(Boolean)].join(', ');
}

function evidence({ reason, measured }: GateFact): Html {
  const isKnown = measured !== null && typeof measured === 'object';
  const values = isKnown ? Object.entries(measured as Record<string, unknown>) : [];
  const list = html`<ul class="evidence">${values.map(([name, value]) => html`<li><span>${words(name)}</span> ${shown(value)}</li>`)}</ul>`;
  return html`${reason && html`<p>${reason}</p>`}${values.length > 0 && list}`;
}

/** `maxPercentAbove` is for programs. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(value: unknown): string {
  if (typeof value === 'number') return number(value);
  if (value === null || value === undefined) return 'no data';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, part]) => `${words(name)} ${shown(part)}`)
      .join(', ');
  return String(value);
}
