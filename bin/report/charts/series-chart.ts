import type { Points } from '../data';
import type { Run } from '../facts/run';
import { number } from '../format';
import { LABELS, marks, timeAxis } from './axes';
import type { Chart } from './draw';

/** A line of a chart. */
export interface Series {
  readonly name: string;
  /** A CSS variable of the page. */
  readonly color: string;
  readonly dash?: readonly number[];
  readonly points: Points;
}

/** What a chart of measured values is about. */
export interface SeriesChart {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
  /** Seconds of one window: a longer time without a value is a gap. */
  readonly period: number;
}

/** Values over time. Where nothing was measured there is no line: a gap is not a zero. */
export function seriesChart(run: Run, { title, unit, series, period }: SeriesChart): Chart {
  const rows = series.map(({ points }) => stretches(points, period));
  const most = series.map(
    ({ name, points }) => `${name} at most ${number(Math.max(...points.map(([, value]) => value)))} ${unit}`,
  );
  return {
    description: `${title} over time: ${most.join(', ')}.`,
    spec: (width) => ({
      height: 130,
      layer: [
        ...series.flatMap(({ color, dash }, index) => {
          const encoding = {
            x: timeAxis(run, width),
            y: {
              field: 'value',
              type: 'quantitative',
              title: null,
              scale: { domainMin: 0, nice: true },
              axis: { ...LABELS, tickCount: 4 },
            },
          };
          const line = { type: 'line', color: `var(${color})`, strokeWidth: 1.6, ...(dash ? { strokeDash: dash } : {}) };
          const { joined, alone } = rows[index] as Stretches;
          return [
            { data: { values: joined }, mark: line, encoding: { ...encoding, detail: { field: 'stretch', type: 'nominal' } } },
            { data: { values: alone }, mark: { type: 'circle', color: `var(${color})`, size: 14, opacity: 1 }, encoding },
          ];
        }),
        ...marks(run, width, false),
      ],
    }),
  };
}

interface Row {
  readonly at: number;
  readonly value: number;
  readonly stretch: number;
}

/** Values that a line joins, and those that stand alone. */
interface Stretches {
  readonly joined: readonly Row[];
  readonly alone: readonly Row[];
}

function stretches(points: Points, period: number): Stretches {
  let stretch = 0;
  const rows = points.map(([at, value], index) => {
    const before = points[index - 1]?.[0];
    if (before !== undefined && at - before > 2.5 * period * 1000) stretch++;
    return { at, value, stretch };
  });
  const sizes = new Map<number, number>();
  for (const row of rows) sizes.set(row.stretch, (sizes.get(row.stretch) ?? 0) + 1);
  const isAlone = (row: Row) => sizes.get(row.stretch) === 1;
  return { joined: rows.filter((row) => !isAlone(row)), alone: rows.filter(isAlone) };
}
