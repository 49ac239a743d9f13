import type { EventKind } from './event-kinds';
import type { Event } from './ledger';
import { compile, type Plan } from './plan';

/** What it means that a hook gives no answer. */
export type HookFailureEffect = 'refuse' | 'proceed';

/** A function of the user that may refuse a step. */
export interface HookSpec {
  /** Tells the hooks of one step apart. */
  readonly name: string;
  readonly functionName: string;
  /** Seconds. */
  readonly timeout: number;
  readonly onFailure: HookFailureEffect;
}

/** The step that a hook is asked before: that of a stage, by index, or the completion of the rollout. */
export interface HookStep {
  /** Absent for the completion. */
  readonly stage?: number;
}

/** What a hook answered, or why it did not. */
export type HookResult = { readonly answer: unknown } | { readonly failure: string };

/** What an answer comes to, as it is recorded. */
export interface HookVerdict {
  readonly kind: Extract<EventKind, 'hook-allowed' | 'hook-refused' | 'hook-failed'>;
  readonly data: Readonly<Record<string, unknown>>;
}

const VERDICTS: readonly string[] = ['hook-allowed', 'hook-refused', 'hook-failed'] satisfies HookVerdict['kind'][];

/** Characters of a reason, or of an error, that are told. */
const TOLD = 500;

/** What a hook is told: the shape is contract, and attributes may be added to it. */
export function hookEvent(
  migration: string,
  run: string,
  hook: string,
  plan: Plan,
  { stage }: HookStep,
): Record<string, unknown> {
  const common = { format: 1, migration, run, hook };
  const spec = stage === undefined ? undefined : plan.stages[stage];
  if (!spec) return { ...common, before: 'completion' };
  const steps = compile(plan.stages, plan.kind).filter((step) => step.stage === stage);
  const { name, cohort, goal } = spec;
  return { ...common, before: 'stage', stage: name, index: stage, from: steps[0]?.from ?? goal, to: goal, cohort };
}

/** Undefined where the hook is to be asked again. An answer of another shape is a failure, and never an allowance. */
export function judgeHook(hook: HookSpec, step: HookStep, result: HookResult, isLastTry: boolean): HookVerdict | undefined {
  const { name, onFailure } = hook;
  const at = { before: step.stage === undefined ? 'completion' : 'stage', stage: step.stage, hook: name };
  const answer = 'answer' in result ? answerOf(result.answer) : undefined;
  if (answer) {
    const { allow, reason } = answer;
    return { kind: allow ? 'hook-allowed' : 'hook-refused', data: { ...at, ...(reason === undefined ? {} : { reason }) } };
  }
  return isLastTry ? { kind: 'hook-failed', data: { ...at, error: failureOf(result), onFailure } } : undefined;
}

/** Why a hook gave no answer, in one sentence. */
export function failureOf(result: HookResult): string {
  if ('failure' in result) return result.failure.slice(0, TOLD);
  const text = JSON.stringify(result.answer) ?? 'nothing';
  return `It answered ${text.slice(0, TOLD)}, and not { allow: true or false, reason: a text or left out }.`;
}

/** The verdict on a hook that a run wrote down first: another try may have asked beside this one. */
export function recordedVerdict(
  events: readonly Event[],
  run: string,
  { stage }: HookStep,
  hook: string,
): HookVerdict | undefined {
  return events.find((event) => {
    const { kind, data } = event;
    return event.run === run && VERDICTS.includes(kind) && data.hook === hook && data.stage === stage;
  }) as HookVerdict | undefined;
}

/** Why a verdict ends the step; undefined where it goes on. */
export function objectionOf({ kind, data }: HookVerdict): string | undefined {
  if (kind === 'hook-refused') return `it refuses: ${data.reason ?? 'no reason given'}`;
  if (kind === 'hook-failed' && data.onFailure === 'refuse') return `it gave no answer, which refuses: ${data.error}`;
  return undefined;
}

function answerOf(answer: unknown): { allow: boolean; reason?: string } | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const { allow, reason } = answer as { allow?: unknown; reason?: unknown };
  if (typeof allow !== 'boolean' || (reason !== undefined && typeof reason !== 'string')) return undefined;
  return { allow, ...(reason === undefined ? {} : { reason: reason.slice(0, TOLD) }) };
}
