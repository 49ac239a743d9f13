import type { Callbacks, Executions } from '../../lambda/core/control';
import type { Definitions, Machine } from './definitions';
import type { LambdaFunction } from './lambda-function';
import type { Process, Surroundings } from './process';
import type { Random } from './random';
import { interpret, StateError } from './state-machine';

export type Status = 'running' | 'succeeded' | 'failed' | 'stopped';

/** One execution of a workflow. */
export interface Execution {
  readonly arn: string;
  readonly machine: Machine;
  readonly name: string;
  readonly input: unknown;
  status: Status;
  error?: { readonly name: string; readonly reason: string };
  readonly children: Execution[];
  /** Called at its end. */
  readonly ended: ((execution: Execution, output: unknown) => void)[];
}

/** A task that waits for an answer. */
interface Waiting {
  readonly answer: (output: unknown) => void;
  readonly fail: (error: StateError) => void;
}

const CALL = { limit: 6000, inFlight: 10_000 };

/** Step Functions: it never ends by itself, but it may lose sight of a task, and executions may be stopped. */
export class StepFunctions {
  readonly all = new Map<string, Execution>();
  /** Hears of each state that an execution enters. */
  entered: (machine: Machine, state: string) => void = () => {};
  /** Hears of each question that a task waits for an answer to. */
  asked: (question: unknown) => void = () => {};
  private readonly waiting = new Map<string, Waiting>();
  private readonly random: Random;
  private nested = 0;
  private tokens = 0;

  constructor(
    private readonly around: Surroundings,
    private readonly definitions: Definitions,
    private readonly functions: Readonly<Record<string, LambdaFunction>>,
  ) {
    this.random = around.dice.stream('states');
  }

  /** Executions as a process sees them. */
  seenBy(process: Process): Executions {
    const ask = <T>(what: string, land: () => T) => process.call(what, async () => land(), CALL);
    return {
      start: (machine, name, input) => ask(`start ${name}`, () => this.startNamed(machine as Machine, name, input)),
      stop: (arn, error, cause) => ask(`stop ${arn}`, () => this.stop(arn, error, cause)),
      running: (arn) => ask(`running ${arn}`, () => this.all.get(arn)?.status === 'running'),
    };
  }

  /** Answers to tasks that wait, as a process gives them. */
  answeredBy(process: Process): Callbacks {
    const give = (token: string, how: (task: Waiting) => void) =>
      process.call(`answer ${token}`, async () => this.settle(token, how), CALL);
    return {
      succeed: (token, output) => give(token, ({ answer }) => answer(output)),
      fail: (token, error, cause) => give(token, ({ fail }) => fail(new StateError(error, cause))),
    };
  }

  get isQuiet(): boolean {
    return [...this.all.values()].every(({ status }) => status !== 'running');
  }

  start(machine: Machine, name: string, input: unknown): Execution {
    const arn = arnOf(machine, name);
    const execution: Execution = { arn, machine, name, input, status: 'running', children: [], ended: [] };
    this.all.set(arn, execution);
    this.around.tell(name, 'starts', () => JSON.stringify(input));
    const context = {
      Execution: { Id: arn, Name: name, Input: input, StartTime: new Date(this.around.scheduler.now).toISOString() },
    };
    interpret(this.runtime(execution), this.definitions[machine], input, context).then(
      (output) => this.end(execution, 'succeeded', output),
      (error: StateError) => {
        execution.error = { name: error.name, reason: error.reason ?? String(error.stack) };
        this.end(execution, 'failed', undefined);
      },
    );
    return execution;
  }

  stop(arn: string, error: string, cause: string): void {
    const execution = this.all.get(arn);
    if (execution?.status !== 'running') return;
    execution.error = { name: error, reason: cause };
    this.end(execution, 'stopped', undefined);
    // What it waited for is stopped, too: soon, and on best effort.
    for (const child of execution.children) {
      this.around.scheduler.after(this.random.between(50, 5000), () => this.stop(child.arn, error, cause));
    }
  }

  private startNamed(machine: Machine, name: string, input: unknown): boolean {
    const known = this.all.get(arnOf(machine, name));
    if (!known) {
      this.start(machine, name, input);
      return true;
    }
    return known.status === 'running' && JSON.stringify(known.input) === JSON.stringify(input);
  }

  private end(execution: Execution, status: Status, output: unknown): void {
    if (execution.status !== 'running') return;
    execution.status = status;
    this.around.tell(execution.name, status, () =>
      execution.error ? `${execution.error.name}: ${execution.error.reason.slice(0, 300)}` : '',
    );
    for (const listener of execution.ended) listener(execution, output);
  }

  private runtime(execution: Execution) {
    const { scheduler } = this.around;
    // What arrives after the end is not heard: an execution that was stopped goes no further.
    const heard = <T>(work: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        const isOn = () => execution.status === 'running';
        work.then(
          (value) => isOn() && resolve(value),
          (error) => isOn() && reject(error),
        );
      });
    return {
      told: (state: string) => {
        this.around.tell(execution.name, `state ${state}`);
        this.entered(execution.machine, state);
      },
      wait: (seconds: number) => heard(new Promise<void>((resolve) => scheduler.after(seconds * 1000, resolve))),
      task: (resource: string, input: unknown) => heard(this.task(execution, resource, input)),
      now: () => new Date(scheduler.now).toISOString(),
      token: () => `token-${++this.tokens}`,
      callback: (token: string, input: unknown, seconds: number | undefined) => heard(this.callback(token, input, seconds)),
    };
  }

  private task(parent: Execution, resource: string, input: unknown): Promise<unknown> {
    if (!resource.includes('startExecution')) return this.invoke(resource, input);
    const { StateMachineArn, Input } = input as { StateMachineArn: Machine; Input: unknown };
    const child = this.start(StateMachineArn, `${parent.name}/${StateMachineArn}-${++this.nested}`, Input);
    if (!resource.includes('.sync')) return Promise.resolve({});
    parent.children.push(child);
    return new Promise((resolve, reject) => {
      child.ended.push(({ status, error }, output) => {
        if (status === 'succeeded') resolve({ Output: output, Status: 'SUCCEEDED' });
        else
          reject(
            new StateError('States.TaskFailed', JSON.stringify({ Error: error?.name, Cause: error?.reason, Status: status })),
          );
      });
    });
  }

  private callback(token: string, input: unknown, seconds: number | undefined): Promise<unknown> {
    const { FunctionName, Payload } = input as { FunctionName: string; Payload: unknown };
    return new Promise((answer, fail) => {
      this.waiting.set(token, { answer, fail });
      if (seconds !== undefined) {
        this.around.scheduler.after(seconds * 1000, () =>
          this.settle(token, () => fail(new StateError('States.Timeout', 'nobody answered'))),
        );
      }
      this.invoke(FunctionName, Payload).then(
        () => this.asked(Payload),
        (error) => this.settle(token, () => fail(error)),
      );
    });
  }

  /** False when nobody waits with that token. */
  private settle(token: string, how: (task: Waiting) => void) {
    const task = this.waiting.get(token);
    this.waiting.delete(token);
    if (task) how(task);
    return task !== undefined;
  }

  /** Sometimes the answer never comes, and the task is called again while the first call still goes on. */
  private invoke(name: string, input: unknown): Promise<unknown> {
    const fn = this.functions[name];
    if (!fn) throw new Error(`No function for the task ${name}`);
    const answer = fn.invoke(input);
    if (!this.around.dice.happens('task-lost', 0.02, this.random, name)) return answer;
    return new Promise((_, reject) => {
      answer.catch(() => {});
      const error = new StateError('Lambda.SdkClientException', 'The connection broke');
      this.around.scheduler.after(this.random.between(10, 15_000), () => reject(error));
    });
  }
}

export function arnOf(machine: Machine, name: string): string {
  return `${machine}:${name}`;
}
