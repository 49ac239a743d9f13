import type { ReportData } from '../data';
import { whoOf } from '../facts/decisions';
import { rollbacksOf } from '../facts/rollbacks';
import { brokenAt, type Outcome, type Run } from '../facts/run';
import { stagesOf } from '../facts/stages';
import { count, duration, moment, number, UNKNOWN } from '../format';
import { type Html, html, type Part } from '../html';
import { badge, facts } from './section';

const OUTCOMES: Readonly<Record<Outcome, readonly [text: string, tone: string]>> = {
  completed: ['completed', 'good'],
  'rolled-back': ['rolled back', 'bad'],
  'rolling-back': ['being rolled back', 'bad'],
  'under-way': ['under way', 'wait'],
  stopped: ['ended without an outcome', 'bad'],
};

/** What the run was, how it ended, and the few numbers that somebody asks for first. */
export function header(run: Run, data: ReportData): Html {
  const [outcome, tone] = OUTCOMES[run.outcome];
  const transform = run.begun?.data.transform as { version?: string; sha256?: string } | undefined;
  const who = run.begun && whoOf(run.begun);
  return html`<header>
<p class="kind">Post-implementation review${!isOver(run) && ', so far'}</p>
<h1>${data.migration} ${badge(tone, outcome)}</h1>
<p class="summary">${summary(run, data)}</p>
${numbers(run, data)}
${facts([
  ['Run', html`<code>${run.id}</code>`],
  ['Began', moment(run.from, true)],
  [isOver(run) ? 'Ended' : 'As of', moment(run.to, true)],
  ['Started by', who ?? html`<span class="unknown">not recorded</span>`],
  ['Reason', (run.begun?.data.reason as string | undefined) ?? html`<span class="unknown">none given</span>`],
  ['Transform', transform ? html`${transform.version} <code class="hash">${transform.sha256}</code>` : UNKNOWN],
  ['Plan', run.begun ? html`<code class="hash">${String(run.begun.data.planSha256)}</code>` : UNKNOWN],
  ['Ledger', chain(data)],
])}
</header>`;
}

function isOver({ outcome }: Run): boolean {
  return outcome !== 'under-way' && outcome !== 'rolling-back';
}

function chain({ events }: ReportData): Html {
  const broken = brokenAt(events);
  if (broken === undefined) return html`${count(events.length, 'entry', 'entries')}, chain of hashes whole`;
  return html`${badge('bad', 'tampered')} entry ${broken} does not follow from the one before: what is below may not be true`;
}

/** Two sentences for whoever reads no further. */
function summary(run: Run, data: ReportData): string {
  const stages = stagesOf(run, data);
  const passed = stages.filter(({ state }) => state === 'passed').length;
  const took = duration(run.to - run.from);
  const progress = stages.length === 0 ? '' : ` ${passed} of ${count(stages.length, 'stage')} passed.`;
  const back = rollbacksOf(run).at(-1);
  const why = back?.reason ? ` ${back.reason.replace(/\.?$/, '.')}` : '';
  switch (run.outcome) {
    case 'completed':
      return `Every key moved to the new model in ${took}.${progress}`;
    case 'rolled-back':
      return `Every key stands in the legacy table again.${progress}${why}`;
    case 'rolling-back':
      return `Traffic is on its way back. This is what is known so far.${progress}${why}`;
    case 'under-way':
      return `The run is not over: this is what is known after ${took}.${progress}`;
    case 'stopped':
      return `The ledger does not say how this run ended, and nobody has the lease.${progress}`;
  }
}

function numbers(run: Run, data: ReportData): Html {
  const { measurements } = data;
  const lag = measurements.lag.map(([, value]) => value);
  const divergence = measurements.divergence.reduce((sum, [, value]) => sum + value, 0);
  const back = rollbacksOf(run).at(-1);
  const stages = stagesOf(run, data);
  const items = run.events.find(({ kind }) => kind === 'preflight')?.data.items as number | undefined;
  const shown: (readonly [string, Part])[] = [
    ['Duration', duration(run.to - run.from)],
    [
      'Stages passed',
      stages.length === 0 ? UNKNOWN : `${stages.filter(({ state }) => state === 'passed').length} / ${stages.length}`,
    ],
    ['Items', items === undefined ? UNKNOWN : number(items)],
    ['Divergence', measurements.divergence.length === 0 ? UNKNOWN : number(divergence)],
    ['Longest lag', lag.length === 0 ? UNKNOWN : `${number(Math.max(...lag))} s`],
    ...(back
      ? [['Way back took', back.arrivedAt === undefined ? 'not there yet' : duration(back.arrivedAt - back.at)] as const]
      : []),
  ];
  return html`<ul class="numbers">${shown.map(([name, value]) => html`<li><span>${name}</span><strong>${value}</strong></li>`)}</ul>`;
}
