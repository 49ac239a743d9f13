import type { Clock } from '../core/control';
import { RolloutError } from '../core/errors';
import type { Ledger } from '../core/ledger';
import { recordOnce } from '../core/record-once';
import { opensAt, type WindowSpec } from '../core/window';

export interface WindowPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

export interface WindowInput {
  readonly run: string;
  readonly generation: number;
  readonly stage: number;
  readonly window: WindowSpec;
}

/** Seconds until the stage may begin; 0 when it may now. */
export interface WindowResult {
  readonly wait: number;
}

/**
 * Looks whether a stage may begin now. A stage that has to wait says so once in the ledger.
 * @throws LeaseLost; InvalidConfiguration when the window does not open within a year
 */
export async function window({ ledger, clock }: WindowPorts, input: WindowInput): Promise<WindowResult> {
  const { run, generation, stage } = input;
  await ledger.hold(generation);
  const now = clock.now();
  const opens = opensAt(input.window, now);
  if (opens === undefined) {
    throw new RolloutError(
      'InvalidConfiguration',
      `The window of stage ${stage} does not open within a year. Change its days or its blackouts, and deploy again.`,
      { stage },
    );
  }
  if (opens === now) return { wait: 0 };
  const data = { stage, opensAt: new Date(opens).toISOString() };
  await recordOnce(ledger, run, 'window-awaited', data, (event) => event.data.stage === stage);
  return { wait: Math.ceil((opens - now) / 1000) };
}
