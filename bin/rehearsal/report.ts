import pc from 'picocolors';
import { BAKES } from '../../examples/cities/stages';
import type { Event } from '../../lambda/core/ledger';
import { table } from '../terminal/table';
import { type Audit, isClean } from './audit';
import { auditLines } from './audit-lines';
import type { Outcome } from './history';
import { BOUND, isSteady, type Probe } from './probe';
import type { Terminal } from './terminal';
import type { Client, WrongRead } from './traffic';

/** Characters of the details of an entry of the ledger that are shown. */
const DETAILS = 110;

/** Something that happened. */
export interface Moment {
  readonly at: Date;
  readonly what: string;
  readonly details?: string;
}

/** Everything that is known at the end of one half. */
export interface Result {
  readonly trial: string;
  readonly began: Date;
  readonly expected: string;
  readonly outcome: string;
  readonly moments: readonly Moment[];
  readonly clients: readonly Client[];
  readonly writes: Readonly<Record<Outcome, number>>;
  readonly wrongReads: readonly WrongRead[];
  /** True where wrong reads are allowed for a while. */
  readonly readsMayLag: boolean;
  readonly audit: Audit;
  /** What noticed the fault, where something was meant to. */
  readonly caught?: Caught;
  /** Where pauses were judged. */
  readonly probe?: Probe;
}

/** What took traffic back after a fault, and whether it was what was meant to, in time. */
export interface Caught {
  readonly reason: string;
  readonly seconds: number;
  readonly within: number;
  readonly isMeant: boolean;
}

/** What the first rollback after a fault was begun for. */
export function caughtOf({ by, within }: { by: RegExp; within: number }, injectedAt: Date, events: readonly Event[]): Caught {
  const begun = events.find(({ kind }) => kind === 'rollback-begun');
  const reason = String(begun?.data.reason ?? 'nothing');
  const seconds = begun ? (Date.parse(begun.at) - injectedAt.getTime()) / 1000 : Number.POSITIVE_INFINITY;
  return { reason, seconds, within, isMeant: by.test(reason) };
}

/** True when the outcome was the expected one and nothing was lost, resurrected, stale or different. */
export function passed(result: Result): boolean {
  const { expected, outcome, wrongReads, readsMayLag, audit, probe, caught } = result;
  const readsAreRight = readsMayLag || wrongReads.length === 0;
  const nobodyWaited = !probe || (isSteady(probe) && failedOperations(result) === 0);
  const isCaught = !caught || (caught.isMeant && caught.seconds <= caught.within);
  return outcome === expected && isClean(audit) && readsAreRight && nobodyWaited && isCaught;
}

/** Operations that had to be tried again by the application. */
function failedOperations({ clients }: Pick<Result, 'clients'>): number {
  return clients.reduce((sum, { errors }) => sum + [...errors.values()].reduce((total, count) => total + count, 0), 0);
}

/** Tells all about one half. */
export function print(result: Result, terminal: Terminal, verbose: boolean): void {
  terminal.title('What happened when');
  for (const line of timeline(result, verbose ? Number.POSITIVE_INFINITY : DETAILS)) terminal.line(line);
  terminal.title('What the clients saw');
  for (const line of result.probe ? probeLines(result) : clientTable(result.clients)) terminal.line(line);
  terminal.title('Audit of both tables');
  for (const line of auditLines(result)) terminal.line(line);
  if (result.caught) {
    const { reason, seconds, within, isMeant } = result.caught;
    const told = `Caught after ${Math.round(seconds)} s (at most ${within}) by${isMeant ? '' : ' what was not meant to'}: ${reason}`;
    if (isMeant && seconds <= within) terminal.good(told);
    else terminal.bad(told);
  }
  const told = `Ended in ${result.outcome}, expected ${result.expected}.`;
  if (passed(result)) terminal.good(told);
  else terminal.bad(told);
}

/** By how much a rehearsal is faster than the real thing. */
export function scaling(staged: boolean): string[] {
  const bakes = Object.entries(BAKES).map(([stage, { real, rehearsed }]) => `${stage} ${rehearsed} s for ${real / 3600} h`);
  const spread = `to everybody at once${staged ? ' (25 percent: over a minute in two steps)' : ''}`;
  return [
    `Scaled down: bakes (${bakes.join(', ')}); routing tables asked for every second and used for six, for 15 and 60;`,
    `each release ${spread}, for 10 minutes in steps of 20 %. Workflows, order and checks are as on AWS.`,
  ];
}

/** Entries of the ledger as moments. */
export function momentsOf(events: readonly Event[]): Moment[] {
  return events.map(({ at, kind, data }) => ({ at: new Date(at), what: kind, details: details(data) }));
}

/** What happened when, in seconds since the beginning. */
export function timeline({ began, moments }: Result, width: number): string[] {
  const sorted = [...moments].sort((a, b) => a.at.getTime() - b.at.getTime());
  return sorted.map(({ at, what, details = '' }) => {
    const cut = details.length > width ? `${details.slice(0, width - 3)}...` : details;
    return [pc.dim(clock(at.getTime() - began.getTime())), what, ...(cut ? [pc.dim(cut)] : [])].join('  ');
  });
}

/** What all clients saw together, where there are many. */
export function probeLines({ clients, probe }: Pick<Result, 'clients' | 'probe'>): string[] {
  const { steady, samples, longest } = probe as Probe;
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
  const failed = failedOperations({ clients });
  const errors = new Map<string, number>();
  for (const client of clients) for (const [name, count] of client.errors) errors.set(name, (errors.get(name) ?? 0) + count);
  return [
    `${clients.length} clients, ${clients.reduce((sum, { writes }) => sum + writes, 0)} writes`,
    `operations that failed: ${failed}${failed > 0 ? ` (${[...errors].map(([name, count]) => `${name} ${count}x`).join(', ')})` : ''}`,
    `pause between successful writes of a client: ${seconds(steady)} before (99.9th percentile of ${samples}), ` +
      `${seconds(longest)} at most during the rollout and its way back (bound: ${BOUND} times)`,
  ];
}

/** What each client saw. */
export function clientTable(clients: readonly Client[]): string[] {
  const rows = clients.map(({ name, reads, writes, longestPause, errors }) => [
    name,
    String(writes),
    String(reads),
    `${(longestPause / 1000).toFixed(1)} s`,
    [...errors].map(([error, count]) => `${error} ${count}x`).join(', ') || '-',
  ]);
  return table([['client', 'writes', 'reads', 'longest pause', 'tried again after'], ...rows]);
}

/** Minutes, seconds and tenths. */
export function clock(milliseconds: number): string {
  const tenths = Math.round(milliseconds / 100);
  const sign = tenths < 0 ? '-' : ' ';
  const [minutes, seconds] = [Math.floor(Math.abs(tenths) / 600), (Math.abs(tenths) % 600) / 10];
  return `${sign}${minutes}:${seconds.toFixed(1).padStart(4, '0')}`;
}

function details(data: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(data).filter(([, value]) => value !== undefined && value !== null);
  return fields.map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');
}
