import type { Observations } from '../../../lambda/observe/observe';
import type { ReportData } from '../data';
import { type Run, stageName, timeOf } from './run';

/** How a stage of the plan went. */
export interface StageFact {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'under way' | 'not reached';
  /** Milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
  readonly observed?: Pick<Observations, 'observations' | 'inconclusive' | 'checked' | 'diverged' | 'longestLag'>;
}

/** The stages of a run, in the order of the plan. A stage begins with the first thing that is asked or released for it. */
export function stagesOf(run: Run, { observations }: Pick<ReportData, 'observations'>): StageFact[] {
  let after = 0;
  // What a rollback releases belongs to no stage.
  const back = run.events.find(({ kind }) => kind === 'rollback-begun')?.seq ?? Number.POSITIVE_INFINITY;
  return run.stages.map((name, index) => {
    const mine = (stage: unknown) => stage === index || stage === name;
    const end = run.events.find(({ kind, data }) => ENDS.includes(kind) && mine(data.stage));
    const begin = run.events.find(
      ({ seq, kind, data }) => seq > after && seq < back && (OPENINGS.includes(kind) ? mine(data.stage) : kind === 'released'),
    );
    if (end) after = end.seq;
    else if (begin) after = Number.POSITIVE_INFINITY;
    const observed = (end?.data.observed as Observations | undefined) ?? observations.find(({ stage }) => mine(stage));
    const isOver = run.outcome !== 'under-way';
    const state = end
      ? end.kind === 'stage-passed'
        ? 'passed'
        : 'failed'
      : begin
        ? isOver
          ? 'failed'
          : 'under way'
        : 'not reached';
    return { name, state, from: begin && timeOf(begin), to: end && timeOf(end), observed };
  });
}

const ENDS = ['stage-passed', 'stage-failed'];
const OPENINGS = ['promotion', 'compatibility', 'approval-asked', 'window-awaited'];

/** Milliseconds since 1970 and names of the moments at which stages ended. */
export function stageEnds(run: Run): { readonly at: number; readonly name: string; readonly isPassed: boolean }[] {
  return run.events
    .filter(({ kind }) => ENDS.includes(kind))
    .map((event) => ({ at: timeOf(event), name: stageName(run, event.data.stage), isPassed: event.kind === 'stage-passed' }));
}
