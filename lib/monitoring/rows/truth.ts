import { type Graph, graph, thresholdsOf } from '../graph';
import type { Sight } from '../sight';

/** Whether both sides say the same, and who writes past the client. */
export function truthRow({ kind, metrics, triggers }: Sight): Graph[] {
  const divergence = graph('Divergence', [metrics.divergence()], { thresholds: thresholdsOf(triggers, 'divergence') });
  const unadopted = graph('Writers without the client', [metrics.unadoptedWrites()]);
  return kind === 'reindex' ? [] : [divergence, unadopted];
}
