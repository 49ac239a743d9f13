import type { Alarms, Clock, MetricValues } from '../core/control';
import type { MetricGate } from '../core/gate';
import type { Ledger } from '../core/ledger';
import { recordOnce } from '../core/record-once';
import { measureMetric } from '../observe/gates';

export interface HealthPorts {
  readonly ledger: Ledger;
  readonly alarms: Alarms;
  /** Names of the trigger alarms. */
  readonly triggers: readonly string[];
  readonly metrics: MetricValues;
  readonly clock: Clock;
}

/** A rollback that has arrived, until it is known whether all is well again. */
export interface Convalescence {
  readonly run: string;
  readonly generation: number;
  /** Milliseconds since 1970 at which the run began, and at which the rollback ended. */
  readonly began: number;
  readonly since: number;
  /** Metrics that must be where they were before the run, or within their bound. */
  readonly gates: readonly MetricGate[];
  /** Looks so far, and of the last ones those in a row that found nothing. */
  readonly looks: number;
  readonly healthy: number;
  readonly over: boolean;
}

const NOTE = 'health';

/** Looks in a row, a minute from one to the next, that must find nothing. */
const ENOUGH = 5;
/** Looks until it is said that all is not well again: two hours. */
const MOST = 120;

/** Begins to look after a rollback. */
export function convalesce(
  ledger: Ledger,
  patient: Pick<Convalescence, 'run' | 'generation' | 'began' | 'since' | 'gates'>,
): Promise<void> {
  return ledger.saveNote(NOTE, { ...patient, looks: 0, healthy: 0, over: false });
}

/**
 * Looks once, each minute, whether the alarms are OK and the metrics as before the run; the ledger says when they were for five
 * minutes (`health-restored`), or that they were not within two hours (`health-not-restored`). The next run ends it.
 */
export async function lookAfter(ports: HealthPorts): Promise<void> {
  const { ledger } = ports;
  const patient = (await ledger.note(NOTE)) as Convalescence | undefined;
  if (!patient || patient.over) return;
  const lease = await ledger.lease();
  if (lease) {
    if (lease.generation !== patient.generation) await ledger.saveNote(NOTE, { ...patient, over: true });
    return;
  }
  const complaints = await complaintsOf(ports, patient);
  const looks = patient.looks + 1;
  const healthy = complaints.length === 0 ? patient.healthy + 1 : 0;
  const over = healthy >= ENOUGH || looks >= MOST;
  if (over) await tell(ports, patient, complaints);
  await ledger.saveNote(NOTE, { ...patient, looks, healthy, over });
}

async function tell({ ledger, clock }: HealthPorts, patient: Convalescence, complaints: readonly string[]): Promise<void> {
  const { run, generation, since } = patient;
  const seconds = Math.round((clock.now() - since) / 1000);
  const kind = complaints.length === 0 ? 'health-restored' : 'health-not-restored';
  await recordOnce(ledger, run, kind, { generation, seconds, complaints }, ({ data }) => data.generation === generation);
}

/** What is not as it was; what cannot be measured is not known to be well. */
async function complaintsOf(ports: HealthPorts, { began, since, gates }: Convalescence): Promise<string[]> {
  const { alarms, triggers } = ports;
  const described = await alarms.describe(triggers);
  const raised = described.filter(({ state }) => state !== 'OK').map(({ name, state }) => `Alarm ${name} is in ${state}.`);
  const judged = gates.map(async (gate) => {
    const { verdict, reason } = await measureMetric(ports, { since, began: async () => began }, gate);
    return verdict === 'successful' ? [] : [`Metric ${gate.id}: ${reason}`];
  });
  return [...raised, ...(await Promise.all(judged)).flat()];
}
