import { toWire } from '../../lambda/adapters/model';
import { type LegacyOrder, orders } from './orders-model';
import { ScenarioWorld } from './scenario-world';
import type { Store } from './stores';

/** The world of the hard cases, with code beside it that knows nothing of the rollout and writes orders to legacy. */
export class OrdersWorld extends ScenarioWorld {
  constructor(store: Store) {
    super(store, orders);
  }

  put(order: LegacyOrder): Promise<void> {
    return this.store.put('legacy', toWire(order));
  }

  remove(id: string): Promise<void> {
    return this.store.remove('legacy', { id: { S: id } });
  }
}
