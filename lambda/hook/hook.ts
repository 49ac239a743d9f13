import type { Probe } from '../core/control';
import { RolloutError } from '../core/errors';
import {
  failureOf,
  type HookResult,
  type HookSpec,
  type HookStep,
  type HookVerdict,
  hookEvent,
  judgeHook,
  objectionOf,
  recordedVerdict,
} from '../core/hook';
import type { Ledger } from '../core/ledger';
import type { Plan } from '../core/plan';

export interface HookPorts {
  readonly ledger: Ledger;
  readonly probe: Probe;
  readonly plan: Plan;
  /** Id of this migration. */
  readonly migration: string;
}

export interface HookInput extends HookStep {
  readonly run: string;
  readonly generation: number;
  readonly hooks: readonly HookSpec[];
  /** How often the state was tried before, and how often it is tried again. */
  readonly attempt: number;
  readonly retries: number;
}

/**
 * Asks the hooks of a step, one after the other. What each says is written down once, and a task that runs again says what the
 * first one wrote down; a hook whose answer was lost before that is asked again.
 * @throws LeaseLost; GateFailed with the reason of the one that refuses; HookFailed while one that gives no answer is to be asked again
 */
export async function hook(ports: HookPorts, input: HookInput): Promise<Record<string, never>> {
  for (const one of input.hooks) {
    const objection = objectionOf(await verdictOn(ports, input, one));
    if (objection === undefined) continue;
    throw new RolloutError('GateFailed', `Hook ${one.name} before ${stepOf(ports, input)}: ${objection}`, { hook: one.name });
  }
  return {};
}

async function verdictOn(ports: HookPorts, input: HookInput, one: HookSpec): Promise<HookVerdict> {
  const { ledger } = ports;
  const { run, generation, attempt, retries } = input;
  await ledger.hold(generation);
  const recorded = async () => recordedVerdict(await ledger.events(), run, input, one.name);
  const known = await recorded();
  if (known) return known;
  const result = await ask(ports, input, one);
  const verdict = judgeHook(one, input, result, attempt >= retries);
  if (!verdict) {
    const text = `Hook ${one.name} before ${stepOf(ports, input)} gave no answer, and is asked again: ${failureOf(result)}`;
    throw new RolloutError('HookFailed', text, { hook: one.name });
  }
  // While it was asked, a rollback may have begun.
  await ledger.hold(generation);
  await ledger.append(run, verdict.kind, verdict.data);
  return (await recorded()) ?? verdict;
}

async function ask({ probe, plan, migration }: HookPorts, input: HookInput, one: HookSpec): Promise<HookResult> {
  try {
    return { answer: await probe(one.functionName, hookEvent(migration, input.run, one.name, plan, input), one.timeout) };
  } catch (error) {
    return { failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function stepOf({ plan }: HookPorts, { stage }: HookStep): string {
  return stage === undefined ? 'completion' : `stage ${plan.stages[stage]?.name ?? stage}`;
}
