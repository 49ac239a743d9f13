import type { ReportData } from '../data';
import type { Run } from '../facts/run';
import { type Html, html } from '../html';
import { lessonsOf } from '../lessons';
import { nothing, section } from './section';

/** What to do next time. */
export function lessons(run: Run, data: ReportData): Html {
  const all = lessonsOf(run, data);
  const list = html`<ol class="lessons">${all.map(({ seen, advice }) => html`<li><p>${seen}</p><p class="advice">${advice}</p></li>`)}</ol>`;
  const content = all.length === 0 ? nothing('Nothing on record asks for a change.') : list;
  return section('next-time', 'What to do next time', content);
}
