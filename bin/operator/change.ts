import { setTimeout as wait } from 'node:timers/promises';
import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AppConfigControl } from '../../lambda/adapters/appconfig';
import { CloudWatchAlarms } from '../../lambda/adapters/cloudwatch';
import { DynamoLedger } from '../../lambda/adapters/ledger';
import { proveIdentity } from '../../lambda/adapters/prove-identity';
import { SqsQueue } from '../../lambda/adapters/sqs';
import type { Alarm, Deployed } from '../../lambda/core/control';
import { ERROR_NAMES } from '../../lambda/core/errors';
import type { Provable } from '../../lambda/core/identity';
import type { Ledger } from '../../lambda/core/ledger';
import type { MetricName } from '../../lambda/core/names';
import type { OperatorConfiguration } from '../../lambda/core/operator-configuration';
import type { Statement } from '../../lambda/core/statement';
import type { Aws } from './aws';
import { refused } from './failure';

/** An execution of a workflow, as Step Functions tells it. */
export interface Execution {
  readonly status: string;
  /** Name and cause of its failure. */
  readonly error?: string;
  readonly cause?: string;
}

/** A change as an operator has it: what it records, what it routes, and what can be asked of it. */
export class Change {
  readonly ledger: Ledger;

  constructor(
    readonly configuration: OperatorConfiguration,
    readonly aws: Aws,
  ) {
    this.ledger = new DynamoLedger(aws.dynamodb, configuration.ledger.table, configuration.migration, Date.now);
  }

  /** The routing table that everybody has. Nothing is noted: whoever looks may be allowed no more than that. */
  deployed(): Promise<Deployed | undefined> {
    const { application, environment, profile } = this.configuration.traffic;
    const place = { application, environment, profile, immediate: '', alarms: [] };
    const ledger = { note: (name: string) => this.ledger.note(name), saveNote: async () => {} };
    return new AppConfigControl(this.aws.appconfig, place, ledger).deployed();
  }

  /** What somebody says when they decide, with a proof of who they are. */
  async statement(reason: string, action: Provable): Promise<Pick<Statement, 'reason' | 'proof'>> {
    return { reason, proof: await this.prove(action) };
  }

  /** Proves to the function or the workflow that is called for this whose credentials these are. */
  async prove(action: Provable): Promise<string> {
    const { credentials, region } = this.aws.lambda.config;
    const { endpoint } = this.aws.options;
    const prover = { credentials: await credentials(), region: await region(), ...(endpoint ? { endpoint } : {}) };
    return proveIdentity(prover, { migration: this.configuration.migration, action });
  }

  /** Starts a workflow. @throws CommandError when the name was used before */
  async start(workflow: string, name: string | undefined, input: Record<string, unknown>): Promise<string> {
    try {
      const command = new StartExecutionCommand({ stateMachineArn: workflow, name, input: JSON.stringify(input) });
      return (await this.aws.sfn.send(command)).executionArn as string;
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
      throw refused(`There was a run ${name} before. Give this one another name with --run. Nothing was changed.`);
    }
  }

  async execution(arn: string): Promise<Execution> {
    const { status, error, cause } = await this.aws.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    return { status: status as string, ...(error ? { error } : {}), ...(cause ? { cause } : {}) };
  }

  /** Waits until an execution has ended, however long that takes; who stops waiting leaves it running. */
  async ended(arn: string, signal: AbortSignal): Promise<Execution> {
    for (;;) {
      const seen = await this.execution(arn);
      if (seen.status !== 'RUNNING') return seen;
      await wait(2000, undefined, { signal });
    }
  }

  /** The state that an execution entered last. */
  async stateOf(arn: string): Promise<string | undefined> {
    const { events = [] } = await this.aws.sfn.send(
      new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true, maxResults: 50, includeExecutionData: false }),
    );
    return events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails)?.stateEnteredEventDetails?.name;
  }

  /** Calls one of the functions of the change. @throws CommandError with what the function says when it refuses */
  async call<T>(functionName: string, event: Record<string, unknown>): Promise<T> {
    const answer = await this.aws.lambda.send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }));
    const text = answer.Payload?.transformToString() ?? '';
    if (!answer.FunctionError) return (text === '' ? undefined : JSON.parse(text)) as T;
    const { errorType, errorMessage } = failureOf(text);
    if (ERROR_NAMES.some((name) => name === errorType)) throw refused(`${errorType}: ${errorMessage}`);
    throw new Error(`Function ${functionName} failed: ${errorType ?? 'Error'}: ${errorMessage ?? text}`);
  }

  alarms(): Promise<Alarm[]> {
    const { triggers, stuck, windowClosing, windowOver } = this.configuration.alarms;
    return new CloudWatchAlarms(this.aws.cloudwatch).describe([...triggers, stuck, windowClosing, windowOver]);
  }

  /** Messages that wait in a queue. */
  waiting(url: string): Promise<number> {
    return new SqsQueue(this.aws.sqs, url).held();
  }

  /** The greatest value of a metric within the last minutes. */
  async latest(metric: MetricName, minutes: number): Promise<number | undefined> {
    const { metricNamespace: Namespace, migration } = this.configuration;
    const { Datapoints = [] } = await this.aws.cloudwatch.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace, MetricName: metric, Dimensions: [{ Name: 'Migration', Value: migration }] },
        ...{ StartTime: new Date(Date.now() - minutes * 60_000), EndTime: new Date(), Period: 60, Statistics: ['Maximum'] },
      }),
    );
    const newest = Datapoints.sort((a, b) => (a.Timestamp?.getTime() ?? 0) - (b.Timestamp?.getTime() ?? 0)).at(-1);
    return newest?.Maximum;
  }
}

function failureOf(text: string): { errorType?: string; errorMessage?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
