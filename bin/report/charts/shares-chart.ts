import { POSITIONS } from '../../../lambda/core/position';
import type { Run } from '../facts/run';
import type { Standing } from '../facts/shares';
import { percent } from '../format';
import { LABELS, marks, timeAxis } from './axes';
import type { Chart } from './draw';

/** Positions as they are stacked, with the name of their colour. */
export const SHOWN = [...POSITIONS, 'fenced'] as const;

/** Which share of all keys stood at which position, over time. */
export function sharesChart(run: Run, standings: readonly Standing[]): Chart {
  const present = SHOWN.filter((position) => standings.some(({ shares }) => (shares[position] ?? 0) > 0));
  const values = standings.flatMap(({ at, shares }) =>
    present.map((position) => ({ at, position, order: SHOWN.indexOf(position), share: shares[position] ?? 0 })),
  );
  const last = standings.at(-1);
  const told = present.map((position) => `${percent(last?.shares[position] ?? 0)} ${position}`).join(', ');
  return {
    description: `Share of keys by position over time. At the end: ${told}.`,
    spec: (width) => ({
      height: 220,
      layer: [
        {
          data: { values },
          mark: { type: 'area', stroke: 'var(--paper)', strokeWidth: 0.6 },
          encoding: {
            x: timeAxis(run, width),
            y: {
              field: 'share',
              type: 'quantitative',
              stack: 'zero',
              title: null,
              scale: { domain: [0, 1] },
              axis: { ...LABELS, format: '%', tickCount: 5 },
            },
            color: {
              field: 'position',
              type: 'nominal',
              legend: null,
              scale: { domain: present, range: present.map((name) => `var(--${name})`) },
            },
            order: { field: 'order', type: 'quantitative' },
          },
        },
        ...marks(run, width, true),
      ],
    }),
  };
}
