import type { ReportData } from '../data';
import { rollbacksOf } from '../facts/rollbacks';
import { type Run, runsOf } from '../facts/run';
import { stagesOf } from '../facts/stages';
import { duration, moment } from '../format';
import { type Html, html } from '../html';
import { badge, section, table } from './section';

/** Every run of the migration, so that a second one is read beside the first. */
export function runs({ id }: Run, data: ReportData): Html {
  const rows = runsOf(data).map((run) => {
    const stages = stagesOf(run, { observations: [] });
    const passed = stages.filter(({ state }) => state === 'passed').length;
    return [
      html`<code>${run.id}</code>${run.id === id && html` <span class="note">this one</span>`}`,
      moment(run.from),
      duration(run.to - run.from),
      badge(run.outcome === 'completed' ? 'good' : run.outcome === 'under-way' ? 'wait' : 'bad', run.outcome.replace('-', ' ')),
      stages.length === 0 ? '' : `${passed} / ${stages.length}`,
      rollbacksOf(run).at(-1)?.reason ?? '',
    ];
  });
  return section(
    'runs',
    'All runs of this migration',
    table('Runs', ['Run', 'Began', 'Took#', 'Outcome', 'Stages#', 'Taken back because'], rows),
  );
}
