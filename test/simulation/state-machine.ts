import type { Catcher, Definition, Retrier, Rule, State } from './definitions';
import { at, filled, required, withResult } from './json-path';

/** An error of a state, as Step Functions names it. */
export class StateError extends Error {
  constructor(
    override readonly name: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** What an execution needs from outside. Nothing settles any more once the execution is stopped. */
export interface Runtime {
  task(resource: string, input: unknown): Promise<unknown>;
  /** A task that waits until somebody answers with the token, for so many seconds at most. */
  callback(token: string, input: unknown, seconds: number | undefined): Promise<unknown>;
  /** A token that was never used. */
  token(): string;
  wait(seconds: number): Promise<void>;
  /** ISO time. */
  now(): string;
  /** Hears of each state that is entered. */
  told(state: string): void;
}

type Context = Record<string, unknown>;

/** Runs a state machine to its end and gives its output. @throws StateError when it fails */
export async function interpret(runtime: Runtime, definition: Definition, input: unknown, context: Context): Promise<unknown> {
  let name = definition.StartAt;
  let state = input;
  for (;;) {
    const step = definition.States[name] as State;
    runtime.told(name);
    if (step.Type === 'Succeed') return output(step, state, context);
    if (step.Type === 'Fail') throw failOf(step, state, context);
    if (step.Type === 'Choice') {
      const choice = (step.Choices ?? []).find((rule) => holds(rule, state, context));
      name = choice?.Next ?? (step.Default as string);
      continue;
    }
    const next = await enter(runtime, step, state, context);
    state = next.state;
    if (next.name === undefined) return state;
    name = next.name;
  }
}

/** Does what a state does, again after errors as its retriers say; a catcher tells where to go on. */
async function enter(
  runtime: Runtime,
  step: State,
  state: unknown,
  context: Context,
): Promise<{ name?: string; state: unknown }> {
  const used = new Map<Retrier, number>();
  const EnteredTime = runtime.now();
  let retries = 0;
  for (;;) {
    try {
      const result = await done(runtime, step, state, { ...context, State: { EnteredTime, RetryCount: retries } });
      return { name: step.End ? undefined : step.Next, state: result };
    } catch (error) {
      const told = asStateError(error);
      const retrier = (step.Retry ?? []).find(({ ErrorEquals }) => matches(ErrorEquals, told));
      const attempt = retrier ? (used.get(retrier) ?? 0) : 0;
      if (retrier && attempt < (retrier.MaxAttempts ?? 3)) {
        used.set(retrier, attempt + 1);
        retries++;
        const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
        await runtime.wait(Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt));
        continue;
      }
      const catcher: Catcher | undefined = (step.Catch ?? []).find(({ ErrorEquals }) => matches(ErrorEquals, told));
      if (!catcher) throw told;
      return { name: catcher.Next, state: withResult(state, catcher.ResultPath, { Error: told.name, Cause: told.reason }) };
    }
  }
}

async function done(runtime: Runtime, step: State, state: unknown, context: Context): Promise<unknown> {
  const given = step.InputPath ? required(step.InputPath, state, context) : state;
  switch (step.Type) {
    case 'Pass': {
      const result = step.Parameters ? filled(step.Parameters, given, context) : (step.Result ?? given);
      return output(step, withResult(state, step.ResultPath, result), context);
    }
    case 'Wait':
      await runtime.wait(step.Seconds ?? (required(step.SecondsPath as string, state, context) as number));
      return state;
    case 'Task': {
      const answer = await answerOf(runtime, step, given, context);
      const result = step.ResultSelector ? filled(step.ResultSelector, answer, context) : answer;
      return output(step, withResult(state, step.ResultPath, result), context);
    }
    case 'Map':
      return withResult(state, step.ResultPath, await children(runtime, step, given, context));
  }
  throw new Error(`Unknown state type ${step.Type}`);
}

async function answerOf(runtime: Runtime, step: State, given: unknown, context: Context): Promise<unknown> {
  const resource = step.Resource as string;
  const token = resource.endsWith('.waitForTaskToken') ? runtime.token() : undefined;
  const input = step.Parameters ? filled(step.Parameters, given, { ...context, Task: { Token: token } }) : given;
  return token ? runtime.callback(token, input, step.TimeoutSeconds) : runtime.task(resource, input);
}

/** Some children at a time. One that fails ends the map; those under way go on until they hear of it. */
async function children(runtime: Runtime, step: State, state: unknown, context: Context): Promise<unknown[]> {
  const items = required(step.ItemsPath as string, state, context) as unknown[];
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < items.length && !failed) {
      const Value = items[next++];
      const own = { ...context, Map: { Item: { Value } } };
      try {
        await interpret(runtime, step.ItemProcessor as Definition, filled(step.ItemSelector, state, own), own);
      } catch (error) {
        failed = true;
        throw new StateError(
          'States.ExceedToleratedFailureThreshold',
          `${asStateError(error).name}: ${asStateError(error).reason}`,
        );
      }
    }
  };
  await Promise.all(
    Array.from({ length: Math.min(required(step.MaxConcurrencyPath as string, state, context) as number, items.length) }, lane),
  );
  return [];
}

function output(step: State, state: unknown, context: Context): unknown {
  if (step.OutputPath === null) return {};
  return step.OutputPath === undefined ? state : required(step.OutputPath, state, context);
}

function failOf(step: State, state: unknown, context: Context): StateError {
  const value = (path: string | undefined, text: string | undefined) => (path ? String(at(path, state, context)) : (text ?? ''));
  return new StateError(value(step.ErrorPath, step.Error), value(step.CausePath, step.Cause));
}

function asStateError(error: unknown): StateError {
  if (error instanceof StateError) return error;
  const { name, message } = error as Error;
  return new StateError(name, JSON.stringify({ errorType: name, errorMessage: message }));
}

/** `States.ALL` takes everything but what Step Functions itself cannot go on from. */
function matches(names: readonly string[], { name }: StateError): boolean {
  if (names.includes(name)) return true;
  if (names.includes('States.TaskFailed') && name !== 'States.Timeout') return true;
  return names.includes('States.ALL') && name !== 'States.Runtime' && name !== 'States.DataLimitExceeded';
}

/** True when a rule of a choice holds in a state. */
export function holds(rule: Rule, state: unknown, context: Context): boolean {
  if (rule.And) return rule.And.every((part) => holds(part, state, context));
  if (rule.Or) return rule.Or.some((part) => holds(part, state, context));
  if (rule.Not) return !holds(rule.Not, state, context);
  const value = at(rule.Variable as string, state, context);
  if (rule.IsPresent !== undefined) return (value !== undefined) === rule.IsPresent;
  if (value === undefined) throw new StateError('States.Runtime', `${rule.Variable} leads nowhere`);
  if (rule.StringEquals !== undefined) return value === rule.StringEquals;
  if (rule.BooleanEquals !== undefined) return value === rule.BooleanEquals;
  if (rule.NumericEquals !== undefined) return value === rule.NumericEquals;
  if (rule.NumericGreaterThanEquals !== undefined) return (value as number) >= (rule.NumericGreaterThanEquals as number);
  if (rule.StringMatches !== undefined) return pattern(rule.StringMatches as string).test(String(value));
  throw new Error(`Unknown rule ${JSON.stringify(rule)}`);
}

function pattern(text: string): RegExp {
  return new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
}
