import type { Alarm } from '../../lambda/core/control';
import { ROLLBACK_MODES } from '../../lambda/core/ledger';

/** One alarm for each thing that an alarm may ask for, with its name. */
export const ALARMS = ['pause', ...ROLLBACK_MODES] as const;

/** CloudWatch: alarms, and when they went off. */
export class Alarms {
  private readonly raised = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  raise(name: string): void {
    if (!this.raised.has(name)) this.raised.set(name, this.now());
  }

  settle(name: string): void {
    this.raised.delete(name);
  }

  async describe(names: readonly string[]): Promise<Alarm[]> {
    return ALARMS.filter((name) => names.includes(name)).map((name) => {
      const since = this.raised.get(name);
      return {
        name,
        state: since === undefined ? 'OK' : 'ALARM',
        actionsEnabled: true,
        ...(since === undefined ? {} : { since }),
      };
    });
  }
}
