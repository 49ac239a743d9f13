import { type Graph, graph, thresholdsOf } from '../graph';
import type { Sight } from '../sight';

/** Whether changes are carried over, each way. Heartbeats go one way at a time: from the side that is the truth. */
export function replicationRow({ kind, metrics, triggers }: Sight): Graph[] {
  if (kind !== 'rehydrate') return [];
  return [
    graph('Oldest change on its way, heartbeats included (s)', [metrics.replicationLag()], {
      thresholds: thresholdsOf(triggers, 'replicationLag'),
    }),
    graph('Changes settled', [metrics.forwardRecords({ label: 'forward' }), metrics.reverseRecords({ label: 'reverse' })]),
    graph('Changes that failed', [
      metrics.replicationErrors({ label: 'deliveries to repeat' }),
      metrics.poisonRecords({ label: 'set aside for good' }),
    ]),
  ];
}
