import type { Run } from '../facts/run';
import { stageEnds } from '../facts/stages';

/** Pixels of a letter of a label, about, and around it. */
const LETTER = 6.4;
const AROUND = 12;

/** The same room for the labels of every chart, so that one time stands below the other. */
export const LABELS = { minExtent: 40, maxExtent: 40 } as const;

/** How a moment is written by what it is the beginning of. */
const TIMES = {
  ...{ year: '%Y', quarter: '%b', month: '%b', week: '%b %d', date: '%b %d', day: '%b %d' },
  ...{ hours: '%H:%M', minutes: '%H:%M', seconds: '%H:%M:%S', milliseconds: '%H:%M:%S' },
};

/** The time of a run, the same in every chart. */
export function timeAxis({ from, to }: Pick<Run, 'from' | 'to'>, width: number): object {
  // Where nothing has passed there would be no axis.
  const domain = [from, Math.max(to, from + 60_000)];
  return {
    ...{ field: 'at', type: 'temporal', title: null, scale: { type: 'utc', domain } },
    axis: { format: TIMES, tickCount: width < 500 ? 4 : 10, grid: false, labelOverlap: true, labelFlush: true },
  };
}

/** Lines where a stage ended or a rollback began, with their names where there is room for them. */
export function marks(run: Run, width: number, isNamed: boolean): object[] {
  const back = run.events
    .filter(({ kind }) => kind === 'rollback-begun')
    .map(({ at }) => ({ at: Date.parse(at), name: 'rollback', isPassed: false }));
  const all = [...stageEnds(run), ...back].sort((a, b) => a.at - b.at);
  if (all.length === 0) return [];
  const position = (at: number) => ((at - run.from) / Math.max(1, run.to - run.from)) * width;
  let end = 0;
  const values = all.map(({ at, name, isPassed }) => {
    const x = position(at);
    const hasRoom = x - end >= name.length * LETTER + AROUND;
    end = x;
    return { at, label: isNamed && hasRoom ? name : '', color: isPassed ? 'var(--ink)' : 'var(--bad)' };
  });
  const encoding = { x: timeAxis(run, width), color: { field: 'color', type: 'nominal', scale: null } };
  return [
    { data: { values }, mark: { type: 'rule', strokeDash: [3, 3] }, encoding },
    {
      data: { values: values.filter(({ label }) => label !== '') },
      mark: { type: 'text', align: 'right', baseline: 'bottom', dx: -3, y: -3 },
      encoding: { ...encoding, text: { field: 'label', type: 'nominal' } },
    },
  ];
}
