import { type Graph, graph } from '../graph';
import type { Sight } from '../sight';

/** How far the change has come: copied, and moved. Items are not touched where only queries move. */
export function progressRow({ kind, metrics }: Sight): Graph[] {
  const moved = graph(
    'Keys moved (%)',
    [metrics.keysMoving({ label: 'left legacy' }), metrics.keysOnTarget({ label: 'target is the truth' })],
    { isShare: true },
  );
  if (kind === 'reindex') return [moved];
  const word = kind === 'amend' ? 'amended' : 'copied';
  return [
    moved,
    graph(`Items ${word} (%)`, [metrics.copiedItems({ label: 'items' }), metrics.copiedSlices({ label: 'slices' })], {
      isShare: true,
    }),
    graph(`Items ${word} a minute`, [
      metrics.backfilledItems({ label: word }),
      ...(kind === 'amend' ? [] : [metrics.repaired({ label: 'repaired' })]),
    ]),
  ];
}
