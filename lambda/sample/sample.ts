import { ZEROS } from '../core/names';
import { isAllLegacy } from '../core/routing-table';
import { retireAll } from '../observe/heartbeat';
import { type MeasurePorts, measure } from '../observe/measure';
import { type HealthPorts, lookAfter } from './health';
import { progressOf } from './progress';
import { type TellWindowPorts, tellWindow } from './tell-window';

/** What one sample says; `lag` in seconds. */
export interface Sampled {
  readonly checked: number;
  readonly diverged: number;
  readonly lag?: number;
  readonly unknown: readonly string[];
}

/**
 * The measuring that goes on outside of bakes, too. Where nothing is migrating, no canary is written; zeros keep the
 * alarms in OK. After a rollback it looks whether all is well again, and after completion it tells how long the way back stays open.
 */
export async function sample(ports: MeasurePorts & HealthPorts & TellWindowPorts): Promise<Sampled> {
  if (await isIdle(ports)) {
    await retireAll(ports, 'legacy', 'sample');
    await ports.publish(ZEROS);
    await lookAfter(ports);
    return { checked: 0, diverged: 0, unknown: [] };
  }
  const { checked, diverged, lag, unknown, deployed } = await measure(ports, 'sample');
  const untold = [
    ...(await attempted('Progress', async () => ports.publish(await progressOf(ports, deployed.table)))),
    ...(await attempted('The reverse window', () => tellWindow(ports))),
  ];
  return { checked, diverged, ...(lag === undefined ? {} : { lag }), unknown: [...unknown, ...untold] };
}

/** What stops it is named: the next minute tells how it stands by then. */
async function attempted(what: string, work: () => Promise<void>): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [`${what} could not be told: ${error instanceof Error ? `${error.name}: ${error.message}` : error}`];
  }
}

async function isIdle({ ledger, control }: MeasurePorts): Promise<boolean> {
  const vacancy = await ledger.vacancy();
  if (!vacancy) return false;
  if (vacancy.closed) return true;
  const deployed = await control.deployed();
  return !deployed || isAllLegacy(deployed.table);
}
