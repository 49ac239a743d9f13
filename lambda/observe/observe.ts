import type { Deployed } from '../core/control';
import { type ErrorName, RolloutError } from '../core/errors';
import { type GateRecord, type GateSpec, judgeGates } from '../core/gate';
import type { Ledger } from '../core/ledger';
import { countsAt, countsOf, grownSince } from '../core/marks';
import { recordOnce } from '../core/record-once';
import { furthest } from '../core/routing-table';
import { type Judgement, judge, type Seen, spend, spendTime, type Verdict, worse, worst } from '../core/verdict';
import { evaluateGates, type GatePorts } from './gates';
import { type Measured, type MeasurePorts, measure } from './measure';

export interface ObserveEvent {
  readonly run: string;
  readonly generation: number;
  /** Index or name of the stage. */
  readonly stage: number | string;
  /** Observations that must be successful. */
  readonly ticks: number;
  /** Where the bake stood before this observation. */
  readonly seen: Seen;
  /** Gates of the stage; absent in an execution that began before there were any. */
  readonly gates?: readonly GateSpec[];
}

export interface ObserveResult {
  /** True when enough observations were successful. */
  readonly done: boolean;
  readonly seen: Seen;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** Seconds; null where it could not be measured. */
  readonly lag: number | null;
  /** Groups of the sample that differ. */
  readonly divergence: number;
  /** What each gate of the stage has come to. */
  readonly gates: readonly GateRecord[];
}

export interface ObservePorts extends MeasurePorts, GatePorts {}

/** What the observations of a stage add up to: the evidence of the stage. */
export interface Observations {
  readonly run: string;
  readonly observations: number;
  readonly inconclusive: number;
  /** Inconclusive ones in a row, up to now. */
  readonly missed: number;
  readonly checked: number;
  readonly diverged: number;
  /** Seconds. */
  readonly longestLag: number;
  readonly verdict: Verdict;
}

/**
 * One observation of a bake. A verdict of `failed` or `error` is an event with its reasons, and an error.
 * @throws LeaseLost; AlarmRaised, Diverged for `failed`; NotMeasured for `error`
 */
export async function observe(ports: ObservePorts, event: ObserveEvent): Promise<ObserveResult> {
  const { run, generation, stage, ticks } = event;
  const { ledger } = ports;
  await ledger.hold(generation);
  const measured = await measure(ports, 'observe');
  const before = await countsAt(ledger, run, stageIndex(ports, stage));
  const grown = grownSince(before, await countsOf(ledger));
  const judged = judge({ ...measured, triggers: ports.triggers, grown, furthest: furthest(measured.deployed.table) });
  const sums = await observationsOf(ports, run, stage);
  const { missed, judgement: measurable } = spend(sums.missed, judged);
  const observed = { run, stage, since: shiftedAt(measured.deployed) };
  const gates = await evaluateGates(ports, observed, event.gates ?? []);
  const both = worse(measurable, judgeGates(gates));
  const seen = seenAfter(event.seen, both.verdict);
  const judgement = spendTime(seen, ticks, both);
  await ledger.saveNote(observationNote(stage), { ...add(sums, measured, judgement.verdict), missed });
  if (judgement.verdict === 'failed' || judgement.verdict === 'error') await fail(ports, event, judgement, measured, gates);
  const { lag, diverged } = measured;
  return { done: seen.successful >= ticks, seen, ...judgement, lag: lag ?? null, divergence: diverged, gates };
}

function seenAfter({ successful, all }: Seen, verdict: Verdict): Seen {
  return { successful: successful + (verdict === 'successful' ? 1 : 0), all: all + 1 };
}

/** What was observed in a stage of this run until now. */
export async function observationsOf(
  { ledger }: { readonly ledger: Pick<Ledger, 'note'> },
  run: string,
  stage: number | string,
): Promise<Observations> {
  const note = (await ledger.note(observationNote(stage))) as unknown as Observations | undefined;
  if (note?.run === run) return note;
  return { run, observations: 0, inconclusive: 0, missed: 0, checked: 0, diverged: 0, longestLag: 0, verdict: 'successful' };
}

function observationNote(stage: number | string): string {
  return `observations#${stage}`;
}

function add(sums: Observations, { checked, diverged, lag = 0 }: Measured, verdict: Verdict): Observations {
  return {
    ...sums,
    observations: sums.observations + 1,
    inconclusive: sums.inconclusive + (verdict === 'inconclusive' ? 1 : 0),
    checked: sums.checked + checked,
    diverged: sums.diverged + diverged,
    longestLag: Math.max(sums.longestLag, lag),
    verdict: worst(sums.verdict, verdict),
  };
}

function stageIndex({ plan }: MeasurePorts, stage: number | string): number {
  return typeof stage === 'number' ? stage : plan.stages.findIndex(({ name }) => name === stage);
}

/** When the table that is deployed had reached everybody. */
function shiftedAt({ deployment, recent }: Deployed): number {
  return recent.find(({ number }) => number === deployment)?.changedAt ?? 0;
}

async function fail(
  ports: MeasurePorts,
  { run, stage }: ObserveEvent,
  judgement: Judgement,
  measured: Measured,
  gates: readonly GateRecord[],
): Promise<never> {
  const { verdict, reasons } = judgement;
  const { lag, checked, diverged, alarms } = measured;
  const data = { stage, verdict, reasons, lag, checked, diverged, alarms, gates };
  await recordOnce(ports.ledger, run, 'stage-failed', data, (event) => event.data.stage === stage);
  throw new RolloutError(
    nameOf(judgement, measured, gates),
    `Stage ${stage} of run ${run} cannot go on: ${reasons.join(' ')} The rollback workflow takes traffic back.`,
    data,
  );
}

function nameOf({ verdict }: Judgement, { alarms }: Measured, gates: readonly GateRecord[]): ErrorName {
  if (verdict === 'error') return 'NotMeasured';
  if (alarms.some(({ state }) => state === 'ALARM')) return 'AlarmRaised';
  return judgeGates(gates).verdict === 'failed' ? 'GateFailed' : 'Diverged';
}
