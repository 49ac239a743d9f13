import { ZEROS } from '../core/names';
import { isAllLegacy, type RoutingTable } from '../core/routing-table';
import { retireAll } from '../observe/heartbeat';
import { type MeasurePorts, measure } from '../observe/measure';
import { type HealthPorts, lookAfter } from './health';
import { progressOf } from './progress';

/** What one sample says; `lag` in seconds. */
export interface Sampled {
  readonly checked: number;
  readonly diverged: number;
  readonly lag?: number;
  readonly unknown: readonly string[];
}

/**
 * The measuring that goes on outside of bakes, too. Where nothing is migrating, no canary is written; zeros keep the
 * alarms in OK. After a rollback it looks whether all is well again.
 */
export async function sample(ports: MeasurePorts & HealthPorts): Promise<Sampled> {
  if (await isIdle(ports)) {
    await retireAll(ports, 'legacy', 'sample');
    await ports.publish(ZEROS);
    await lookAfter(ports);
    return { checked: 0, diverged: 0, unknown: [] };
  }
  const { checked, diverged, lag, unknown, deployed } = await measure(ports, 'sample');
  const untold = await tellProgress(ports, deployed.table);
  return { checked, diverged, ...(lag === undefined ? {} : { lag }), unknown: [...unknown, ...untold] };
}

/** What stops it is named: the next minute tells how far it has come by then. */
async function tellProgress(ports: MeasurePorts, table: RoutingTable): Promise<string[]> {
  try {
    await ports.publish(await progressOf(ports, table));
    return [];
  } catch (error) {
    return [`Progress could not be told: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`];
  }
}

async function isIdle({ ledger, control }: MeasurePorts): Promise<boolean> {
  const vacancy = await ledger.vacancy();
  if (!vacancy) return false;
  if (vacancy.closed) return true;
  const deployed = await control.deployed();
  return !deployed || isAllLegacy(deployed.table);
}
