import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Executions } from '../core/control';

/** Executions of Standard workflows. */
export class StepFunctions implements Executions {
  constructor(private readonly client: SFNClient) {}

  /**
   * Same name and input while it runs: the same execution. Otherwise a used name is refused
   * (AWS Step Functions API, StartExecution: idempotent for Standard workflows).
   */
  async start(stateMachine: string, name: string, input: Record<string, unknown>): Promise<boolean> {
    try {
      await this.client.send(new StartExecutionCommand({ stateMachineArn: stateMachine, name, input: JSON.stringify(input) }));
      return true;
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return false;
      throw error;
    }
  }

  async stop(execution: string, error: string, cause: string): Promise<void> {
    if (!(await this.running(execution))) return;
    await this.client.send(new StopExecutionCommand({ executionArn: execution, error, cause }));
  }

  async running(execution: string): Promise<boolean> {
    try {
      const { status } = await this.client.send(new DescribeExecutionCommand({ executionArn: execution }));
      return status === 'RUNNING' || status === 'PENDING_REDRIVE';
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return false;
      throw error;
    }
  }
}
