import type { Change } from '../operator/change';
import type { Standing } from '../operator/standing';

/** Approves every stage that waits, under the name of each approver that is missing. */
export class Approver {
  private readonly decided = new Set<string>();

  constructor(private readonly change: Change) {}

  async decide({ approval, run }: Standing): Promise<void> {
    if (!approval) return;
    const { stage, approvers, approved, missing } = approval;
    for (const name of approvers.filter((each) => !approved.includes(each)).slice(0, missing)) {
      const once = [run, stage, name].join('\n');
      if (this.decided.has(once)) continue;
      this.decided.add(once);
      const statement = await this.change.statement('Drill.', 'approve');
      const fn = this.change.configuration.functions.approve[name] as string;
      await this.change.call(fn, { ...statement, stage, decision: 'approve' });
    }
  }
}
