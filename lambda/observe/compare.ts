import type { Ledger } from '../core/ledger';
import { MOST_SEGMENTS } from '../core/ports';
import type { Side } from '../core/position';
import { type Comparing, sampleDivergence } from '../core/reconcile';

export interface ComparePorts extends Comparing {
  readonly ledger: Ledger;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/** Items of each side in one sample. */
const SAMPLE = 1000;
/** Groups that one event tells of. */
const TOLD = 20;

/** Compares a random segment of both sides, of about a thousand items. What differs is told in the ledger, without values. */
export async function compareSample(ports: ComparePorts): Promise<{ checked: number; diverged: number }> {
  const items = ((await ports.ledger.note('size'))?.items as number | undefined) ?? 0;
  const segments = Math.min(MOST_SEGMENTS, Math.max(1, Math.round(items / SAMPLE)));
  const [legacy, target] = await Promise.all([compareSide(ports, 'legacy', segments), compareSide(ports, 'target', segments)]);
  return { checked: legacy.checked + target.checked, diverged: legacy.diverged + target.diverged };
}

async function compareSide(ports: ComparePorts, side: Side, segments: number): Promise<{ checked: number; diverged: number }> {
  const segment = Math.floor(ports.random() * segments);
  const { checked, diverged, groups } = await sampleDivergence(ports, { segment, segments }, SAMPLE, side);
  if (diverged > 0) await tell(ports.ledger, { side, segment, segments, checked, diverged, groups: groups.slice(0, TOLD) });
  return { checked, diverged };
}

async function tell(ledger: Ledger, data: Record<string, unknown>): Promise<void> {
  const run = (await ledger.lease())?.run ?? 'none';
  await ledger.append(run, 'divergence-sampled', data);
}
