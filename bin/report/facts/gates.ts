import type { GateRecord } from '../../../lambda/core/gate';
import type { ReportData } from '../data';
import { type Run, stageName } from './run';

/** What a gate of a stage came to. */
export interface GateFact {
  readonly stage: string;
  readonly id: string;
  readonly verdict: string;
  readonly observeOnly: boolean;
  /** How often it was evaluated, failed, and had no verdict; undefined where it is asked once, or that is not recorded. */
  readonly evaluations?: number;
  readonly failed?: number;
  readonly doubts?: number;
  readonly reason?: string;
  readonly measured?: unknown;
}

/** The gates of a run: by what its stages ended with, and by their notes where a stage did not end. */
export function gatesOf(run: Run, { gates }: Pick<ReportData, 'gates'>): GateFact[] {
  const ended = run.events.flatMap(({ kind, data }) => {
    if (kind === 'stage-passed') return recordsOf(run, data.stage, (data.result as { gates?: GateRecord[] } | undefined)?.gates);
    if (kind === 'stage-failed') return recordsOf(run, data.stage, data.gates as GateRecord[] | undefined);
    return askedOnce(run, kind, data);
  });
  const noted = gates.flatMap(({ stage, record }) => recordsOf(run, stage, [record]));
  const isKnown = (fact: GateFact) => ended.some(({ stage, id }) => stage === fact.stage && id === fact.id);
  return [...ended, ...noted.filter((fact) => !isKnown(fact))];
}

function recordsOf(run: Run, stage: unknown, records: readonly GateRecord[] = []): GateFact[] {
  return records.map(({ id, verdict, observeOnly, evaluations, failed, doubts, reason, measured }) => {
    return { stage: stageName(run, stage), id, verdict, observeOnly, evaluations, failed, doubts, reason, measured };
  });
}

/** Gates that look once, before or after the bake. */
function askedOnce(run: Run, kind: string, data: Readonly<Record<string, unknown>>): GateFact[] {
  const stage = stageName(run, data.stage);
  const observeOnly = data.observeOnly === true;
  if (kind === 'promotion') {
    const reason = data.objection as string | undefined;
    return [
      { stage, id: kind, observeOnly, verdict: reason === undefined ? 'successful' : 'failed', reason, measured: data.found },
    ];
  }
  if (kind === 'compatibility') {
    const { incompatible, problems = [], ...measured } = data.findings as { incompatible: number; problems?: string[] };
    const verdict = incompatible === 0 ? 'successful' : 'failed';
    return [{ stage, id: kind, observeOnly, verdict, reason: problems[0], measured: { incompatible, ...measured } }];
  }
  if (kind !== 'queries') return [];
  return (data.findings as { pattern: string; verdict: string; reason?: string; compared: number; different: number }[]).map(
    ({ pattern, verdict, reason, compared, different }) => {
      return { stage, id: `query ${pattern}`, observeOnly, verdict, reason, measured: { compared, different } };
    },
  );
}
