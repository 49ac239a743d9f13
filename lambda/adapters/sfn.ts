import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidToken,
  ListMapRunsCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  UpdateMapRunCommand,
} from '@aws-sdk/client-sfn';
import type { Callbacks, Executions, MapRuns } from '../core/control';

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

/** Map Runs (AWS Step Functions API Reference, ListMapRuns: `stopDate` of those that are over; UpdateMapRun). */
export class StepFunctionsMapRuns implements MapRuns {
  constructor(private readonly client: SFNClient) {}

  async limit(executionArn: string, maxConcurrency: number): Promise<number> {
    let limited = 0;
    let nextToken: string | undefined;
    do {
      const page = await this.client.send(new ListMapRunsCommand({ executionArn, nextToken }));
      for (const { mapRunArn, stopDate } of page.mapRuns ?? []) {
        if (stopDate) continue;
        await this.client.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency }));
        limited++;
      }
      nextToken = page.nextToken;
    } while (nextToken);
    return limited;
  }
}

/** Characters of the cause of an error (AWS Step Functions API, SendTaskFailure). */
const LONGEST_CAUSE = 32_768;

/** Tasks that wait with a token (AWS Step Functions Developer Guide, "Wait for a Callback with Task Token"). */
export class TaskCallbacks implements Callbacks {
  constructor(private readonly client: SFNClient) {}

  succeed(taskToken: string, output: Record<string, unknown>): Promise<boolean> {
    return ifWaiting(this.client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })));
  }

  fail(taskToken: string, error: string, cause: string): Promise<boolean> {
    return ifWaiting(this.client.send(new SendTaskFailureCommand({ taskToken, error, cause: cause.slice(0, LONGEST_CAUSE) })));
  }
}

async function ifWaiting(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof TaskDoesNotExist || error instanceof TaskTimedOut || error instanceof InvalidToken) return false;
    throw error;
  }
}
