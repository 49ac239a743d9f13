import type { Alarm, Alarms, Deployed, Publish } from '../core/control';
import { METRICS } from '../core/names';
import { isInPlace } from '../core/plan';
import { furthest, positionsOf } from '../core/routing-table';
import { requireDeployed } from '../traffic/ports';
import { heartbeat, PATIENCE } from './heartbeat';
import { isQuiet, type PromptPorts } from './prompt';

export interface MeasurePorts extends PromptPorts {
  readonly alarms: Alarms;
  /** Names of the trigger alarms. */
  readonly triggers: readonly string[];
  readonly publish: Publish;
  /** About how many batches replication has given up. */
  readonly givenUp: () => Promise<number>;
  /** Compares a sample of groups on both sides; a difference counts only if it persists while nothing changes. */
  readonly compare: () => Promise<{ checked: number; diverged: number }>;
}

/** What one look at the migration says. */
export interface Measured {
  readonly deployed: Deployed;
  readonly alarms: readonly Alarm[];
  readonly checked: number;
  readonly diverged: number;
  /** Batches that replication has given up: what they held is missing on the other side. */
  readonly givenUp: number;
  /** Seconds; undefined where no heartbeat may be sent now, or it failed. */
  readonly lag?: number;
  readonly unknown: readonly string[];
}

/**
 * Measures lag and divergence and publishes them, zeros too: an alarm needs data to go back to OK. What cannot be
 * measured is named in `unknown` and does not stop the rest. Differences count where a heartbeat came through promptly before and
 * after they were looked at. `by` keeps those who measure side by side apart.
 */
export async function measure(ports: MeasurePorts, by: string): Promise<Measured> {
  const deployed = await requireDeployed(ports.control);
  const unknown: string[] = [];
  const attempt = async <T>(what: string, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      unknown.push(`${what} could not be measured: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`);
      return otherwise;
    }
  };
  const pulse = async () =>
    isInPlace(ports.plan)
      ? undefined
      : attempt('Replication lag', undefined, async () => heartbeat(ports, deployed, await isQuiet(ports, deployed), by));
  const before = await pulse();
  const sample = await attempt('Divergence', { checked: 0, diverged: 0 }, () => comparison(ports, deployed));
  const after = sample.diverged > 0 ? await pulse() : before;
  const givenUp = await attempt('Batches given up', 0, ports.givenUp);
  const lag = after === undefined ? before : Math.max(after, before ?? 0);
  const isBehind = sample.diverged > 0 && lag !== undefined && lag * 1000 >= PATIENCE;
  if (isBehind) unknown.push(underWay(sample.diverged, lag));
  const { checked } = sample;
  const diverged = isBehind ? 0 : sample.diverged;
  if (diverged > 0) await ports.ledger.count('divergence', diverged);
  await attempt('Metrics', undefined, () => ports.publish(metricsOf(diverged + givenUp, lag)));
  const alarms = await attempt<Alarm[]>('Alarms', [], () => ports.alarms.describe(ports.triggers));
  return { deployed, alarms, checked, diverged, givenUp, ...(lag === undefined ? {} : { lag }), unknown };
}

function underWay(groups: number, lag: number): string {
  return `${groups} groups differ, but replication is ${Math.round(lag)} seconds behind: they may be under way.`;
}

/** Where queries move there are no groups to compare. Before the first stage the target is still being filled, and after a rollback nobody reads it. */
async function comparison(ports: MeasurePorts, deployed: Deployed): Promise<{ checked: number; diverged: number }> {
  const positions = positionsOf(deployed.table);
  if (ports.plan.kind === 'reindex' || furthest(deployed.table) === 'legacy' || positions.includes('fenced'))
    return { checked: 0, diverged: 0 };
  return ports.compare();
}

function metricsOf(diverged: number, lag: number | undefined) {
  return {
    [METRICS.divergence]: diverged,
    [METRICS.unadoptedWrites]: 0,
    [METRICS.poisonRecords]: 0,
    [METRICS.replicationErrors]: 0,
    ...(lag === undefined ? {} : { [METRICS.replicationLag]: lag }),
  };
}
