import type { Alarm } from '../../lambda/core/control';
import { ROLLBACK_MODES } from '../../lambda/core/ledger';

/** CloudWatch: one alarm for each way back. */
export class Alarms {
  private readonly raised = new Set<string>();

  raise(name: string): void {
    this.raised.add(name);
  }

  settle(name: string): void {
    this.raised.delete(name);
  }

  async describe(names: readonly string[]): Promise<Alarm[]> {
    return ROLLBACK_MODES.filter((name) => names.includes(name)).map((name) => ({
      name,
      state: this.raised.has(name) ? 'ALARM' : 'OK',
      actionsEnabled: true,
    }));
  }
}
