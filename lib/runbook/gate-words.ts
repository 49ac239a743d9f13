import type { Bound, GateSpec, MetricGate } from '../../lambda/core/gate';
import type { WindowSpec } from '../../lambda/core/window';
import type { GateKind } from '../gates/gate-kinds';
import type { StageChecks } from '../workflow/stage';
import { duration, each, joined, timeOfDay } from './quantities';

/** A gate of a stage, in words. */
export interface GateInWords {
  readonly kind: GateKind;
  /** What it is called in the ledger and in messages. */
  readonly id: string;
  readonly when: 'before' | 'while it bakes' | 'after the bake';
  /** When it passes. */
  readonly passes: string;
  /** True where it ends no stage. */
  readonly observeOnly: boolean;
}

/** The gates of a stage, in the order in which they are asked. */
export function gateWords(checks: StageChecks): GateInWords[] {
  return [...before(checks), ...(checks.gates ?? []).map(observed), ...afterwards(checks)];
}

function before({ promotion, compatibility, approval, window }: StageChecks): GateInWords[] {
  const gate = (kind: GateKind, passes: string, observeOnly = false): GateInWords => {
    return { kind, id: kind, when: 'before', passes, observeOnly };
  };
  const gates: GateInWords[] = [];
  if (promotion) {
    const of = promotion.migration === undefined ? '' : ` of \`${promotion.migration}\``;
    gates.push(
      gate('promotion', `this transform completed a run${of} in another environment, ${duration(promotion.within)} ago at most`),
    );
  }
  if (compatibility) {
    const passes = `a sample of ${compatibility.sample} items of the legacy table fits the transform`;
    gates.push(gate('compatibility', passes, compatibility.observeOnly));
  }
  if (approval) {
    const { approvers, atLeast, expiresAfter } = approval;
    const who = approvers.length === atLeast ? joined(approvers) : `${atLeast} of ${joined(approvers)}`;
    gates.push(gate('approval', `${who} approved it, within ${duration(expiresAfter)}; one rejection takes traffic back`));
  }
  if (window) gates.push(gate('window', windowWords(window)));
  return gates;
}

function observed(gate: GateSpec): GateInWords {
  const { id, observeOnly } = gate;
  const words = { id, observeOnly, when: 'while it bakes' } as const;
  switch (gate.kind) {
    case 'alarm':
      return { ...words, kind: 'alarm', passes: 'the alarm is OK; without data it is inconclusive' };
    case 'metric':
      return { ...words, kind: 'metric', passes: metricWords(gate) };
    case 'probe':
      return { ...words, kind: 'probe', passes: 'the function of that name says so' };
    case 'shadow': {
      const passes = `at most ${gate.maxMismatch} percent of the compared reads differ, from ${gate.minSamples} reads on`;
      return { ...words, kind: 'shadowReads', passes };
    }
    case 'latency': {
      const percentiles = joined(gate.percentiles.map((percentile) => `${percentile}th`));
      const passes = `reads of the new side are no slower than those of the old one by more than ${gate.maxPercentAbove} percent, at the ${percentiles} percentile, from ${gate.minSamples} reads on`;
      return { ...words, kind: 'latency', passes };
    }
  }
}

function afterwards({ queries, indexes = [], comparison }: StageChecks): GateInWords[] {
  const gate = (kind: GateKind, id: string, passes: string, observeOnly: boolean): GateInWords => {
    return { kind, id, when: 'after the bake', passes, observeOnly };
  };
  return [
    ...(queries
      ? [
          gate(
            'queries',
            'queries',
            `${joined(queries.names)} have the same answers on both sides, for a sample of ${queries.sample} items`,
            queries.observeOnly,
          ),
        ]
      : []),
    ...indexes.map(({ index, observeOnly }) =>
      gate('indexCoherence', `index ${index}`, `the index ${index} holds what its table says, compared in full`, observeOnly),
    ),
    ...(comparison
      ? [gate('reconciliation', 'reconciliation', 'both tables are equal, compared in full', comparison.observeOnly)]
      : []),
  ];
}

function metricWords({ bound, windows, breaching, period, failOnMissing }: MetricGate): string {
  const missing = failOnMissing ? '; one without data counts as beyond' : '';
  return `fewer than ${breaching} of the newest ${windows} windows of ${duration(period)} are ${boundWords(bound)}${missing}`;
}

function boundWords(bound: Bound): string {
  switch (bound.kind) {
    case 'at-most':
      return `above ${bound.value}`;
    case 'at-least':
      return `below ${bound.value}`;
    case 'above-baseline':
      return `more than ${bound.percent} percent above the ${each(bound.seconds)} before the run`;
    case 'below-baseline':
      return `more than ${bound.percent} percent below the ${each(bound.seconds)} before the run`;
  }
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function windowWords({ timeZone, days, from, to, blackouts, calendars = [] }: WindowSpec): string {
  const on = days.length === 7 ? 'every day' : joined([...days].sort().map((day) => WEEKDAYS[day] as string));
  const except = blackouts.length > 0 ? `, not on ${joined(blackouts)}` : '';
  const open =
    calendars.length > 0 ? `, and while every change calendar is open (${calendars.map(calendarName).join(', ')})` : '';
  return `it is ${timeOfDay(from)} to ${timeOfDay(to)} ${timeZone}, ${on}${except}${open}`;
}

/** What only a deployment knows has no name yet. */
function calendarName(calendar: unknown): string {
  return typeof calendar === 'string' ? calendar : 'one of the stack';
}
