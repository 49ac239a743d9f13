import { patternsNamed } from '../core/access-pattern';
import { type ErrorName, RolloutError } from '../core/errors';
import { judgePattern, type PatternFindings, type QueriesSpec } from '../core/query-gate';
import { recorded } from '../core/record-once';
import type { Verdict } from '../core/verdict';
import { type AskPorts, askUntilSettled } from './ask';
import { type DrawPorts, drawQuestions } from './draw';

/** What drawing questions needs, and what asking them needs. */
export type QueriesPorts = DrawPorts & AskPorts;

export interface QueriesInput {
  readonly run: string;
  readonly generation: number;
  readonly stage: number;
  readonly queries: QueriesSpec;
}

/** The error of each verdict that ends a stage, the worst one first. */
const ERRORS: readonly (readonly [Verdict, ErrorName])[] = [
  ['failed', 'GateFailed'],
  ['error', 'QueryFailed'],
  ['inconclusive', 'NotMeasured'],
];

/**
 * Asks both tables what the application asks, with params from a sample of legacy items, after the bake of a stage: each answer
 * must be the same on both sides. What was found is evidence in the ledger; a task that runs again says what the first one wrote
 * down.
 * @throws LeaseLost; InvalidConfiguration for a name that the transform does not have; GateFailed where answers differ for good;
 * QueryFailed where a query is refused or throws; NotMeasured where nothing could be asked, or there was no time for all
 */
export async function queries(ports: QueriesPorts, input: QueriesInput): Promise<PatternFindings[]> {
  const { ledger } = ports;
  const { run, generation, stage, queries: gate } = input;
  await ledger.hold(generation);
  const known = await recorded(ledger, run, 'queries', (event) => event.data.stage === stage);
  const findings = (known?.data.findings as PatternFindings[] | undefined) ?? (await compare(ports, gate));
  if (!known) await ledger.append(run, 'queries', { stage, observeOnly: gate.observeOnly, findings });
  if (!gate.observeOnly) requireSame(stage, findings);
  return findings;
}

async function compare(ports: QueriesPorts, { names, sample }: QueriesSpec): Promise<PatternFindings[]> {
  const patterns = patternsNamed(ports.model, names);
  const standings = await askUntilSettled(ports, patterns, await drawQuestions(ports, patterns, sample));
  return names.map((name) =>
    judgePattern(
      name,
      standings.filter(({ pattern }) => pattern === name),
    ),
  );
}

function requireSame(stage: number, findings: readonly PatternFindings[]): void {
  for (const [verdict, error] of ERRORS) {
    const bad = findings.filter((one) => one.verdict === verdict);
    if (bad.length === 0) continue;
    const told = bad.map(({ pattern, reason }) => `${pattern}: ${reason}`);
    throw new RolloutError(error, `Gate queries of stage ${stage}: ${told.join(' ')}`, {
      stage,
      patterns: bad.map(({ pattern }) => pattern),
    });
  }
}
