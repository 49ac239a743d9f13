import type { Executions } from '../../lambda/core/control';

/** Step Functions in memory: executions by ARN, with what they were started with. */
export class MemoryExecutions implements Executions {
  readonly alive = new Map<string, string>();
  readonly used = new Set<string>();

  async start(stateMachine: string, name: string, input: Record<string, unknown>): Promise<boolean> {
    const arn = `${stateMachine.replace(':stateMachine:', ':execution:')}:${name}`;
    const text = JSON.stringify(input);
    if (this.alive.get(arn) === text) return true;
    if (this.used.has(arn)) return false;
    this.used.add(arn);
    this.alive.set(arn, text);
    return true;
  }

  async stop(execution: string): Promise<void> {
    this.alive.delete(execution);
  }

  async running(execution: string): Promise<boolean> {
    return this.alive.has(execution);
  }
}
