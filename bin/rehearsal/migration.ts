import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, GetMetricStatisticsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoLedger } from '../../lambda/adapters/ledger';
import type { Event, RollbackMode } from '../../lambda/core/ledger';
import { METRIC_NAMESPACE, METRICS } from '../../lambda/core/names';
import type { Position } from '../../lambda/core/position';
import type { RoutingTable } from '../../lambda/core/routing-table';
import type { Connection } from '../local-aws';
import { sharesOf } from '../operator/shares';
import { RehearsalError } from './shell';
import { troublesOf } from './troubles';

/** What the example stack tells of itself: its outputs. */
export interface RolloutOutputs {
  readonly Migration: string;
  readonly LedgerTable: string;
  readonly RolloutStateMachine: string;
  readonly RollbackStateMachine: string;
  readonly FirstAlarm: string;
  /** Name of the function that takes the operator's decisions, where a stage waits for one. */
  readonly Approval?: string;
  /** The client's configuration, as JSON. */
  readonly Client: string;
}

/** How things stand at a moment. */
export interface Snapshot {
  /** The state of the workflow that holds the lease. */
  readonly phase: string;
  /** Share of all routing keys in each position, 0 to 1. */
  readonly shares: ReadonlyMap<Position, number>;
  /** Target items that the backfill has written. */
  readonly backfilled: number;
  readonly divergence: number;
  /** Seconds, as last published within a minute. */
  readonly lag?: number;
  /** True while a rollback has the lease. */
  readonly isBack: boolean;
  /** Set when nothing runs any more. */
  readonly ending?: string;
}

/** A deployed migration as an operator has it: its workflows, its ledger and its alarms. */
export class Migration {
  private readonly sfn: SFNClient;
  private readonly cloudwatch: CloudWatchClient;
  private readonly lambda: LambdaClient;
  private readonly ledger: DynamoLedger;
  private execution = '';
  private readonly run = 'rehearsal';

  constructor(
    private readonly outputs: RolloutOutputs,
    database: DynamoDBClient,
    connection: Connection,
    private readonly routing: () => Promise<RoutingTable>,
  ) {
    this.sfn = new SFNClient(connection);
    this.cloudwatch = new CloudWatchClient(connection);
    this.lambda = new LambdaClient(connection);
    this.ledger = new DynamoLedger(database, outputs.LedgerTable, outputs.Migration, Date.now);
  }

  /** Starts the rollout workflow, as an operator would. */
  async start(): Promise<void> {
    const started = await this.sfn.send(
      new StartExecutionCommand({ stateMachineArn: this.outputs.RolloutStateMachine, name: this.run, input: '{}' }),
    );
    this.execution = started.executionArn as string;
  }

  async snapshot(): Promise<Snapshot> {
    const [table, lease, slices, divergence, lag] = await Promise.all([
      this.routing(),
      this.ledger.lease(),
      this.ledger.checkpoints(this.run, 'backfill'),
      this.ledger.counter('divergence'),
      this.lag(),
    ]);
    const ending = lease ? undefined : await this.ending(table);
    return {
      phase: ending ?? (lease ? await this.stateOf(lease.holder) : 'starting'),
      shares: sharesOf(table),
      backfilled: slices.reduce((sum, { counts }) => sum + (counts.inserted ?? 0), 0),
      divergence: divergence.count,
      isBack: lease?.kind === 'rollback',
      lag,
      ending,
    };
  }

  /** Everything that failed in the workflows. */
  troubles(): Promise<string[]> {
    return troublesOf(this.sfn);
  }

  /** True when nothing of it can begin or be taken back any more. */
  async isClosed(): Promise<boolean> {
    return (await this.ledger.vacancy())?.closed ?? false;
  }

  /** The audit trail. */
  events(): Promise<Event[]> {
    return this.ledger.events();
  }

  async startRollback(mode: RollbackMode, reason: string): Promise<void> {
    const input = JSON.stringify({ mode, reason });
    await this.sfn.send(new StartExecutionCommand({ stateMachineArn: this.outputs.RollbackStateMachine, input }));
  }

  /** Decides on the stage that waits, as its approver would. */
  async decide(stage: string, decision: 'approve' | 'reject'): Promise<void> {
    while ((await this.ledger.note('approval'))?.stage !== stage) await wait(500);
    const Payload = JSON.stringify({ stage, decision, reason: 'Rehearsal.' });
    const answer = await this.lambda.send(new InvokeCommand({ FunctionName: this.outputs.Approval, Payload }));
    if (answer.FunctionError) throw new RehearsalError(`The decision was not taken: ${answer.Payload?.transformToString()}`);
  }

  /** Switches the event source of one direction off, or on again. Answers how many there are. */
  async replication(direction: 'Forward' | 'Reverse', Enabled: boolean): Promise<number> {
    const { EventSourceMappings = [] } = await this.lambda.send(new ListEventSourceMappingsCommand({}));
    const found = EventSourceMappings.filter(({ FunctionArn }) => FunctionArn?.includes(direction));
    for (const { UUID } of found) await this.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    return found.length;
  }

  async stopRollout(): Promise<void> {
    await this.sfn.send(
      new StopExecutionCommand({ executionArn: this.execution, error: 'Rehearsal', cause: 'Stopped by force.' }),
    );
  }

  /** Puts the divergence alarm into ALARM by hand. */
  async raiseAlarm(): Promise<string> {
    const AlarmName = this.outputs.FirstAlarm;
    await this.cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'Rehearsal: raised by hand.' }),
    );
    return AlarmName;
  }

  private async lag(): Promise<number | undefined> {
    const { Datapoints = [] } = await this.cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: METRIC_NAMESPACE,
        MetricName: METRICS.replicationLag,
        Dimensions: [{ Name: 'Migration', Value: this.outputs.Migration }],
        StartTime: new Date(Date.now() - 60_000),
        EndTime: new Date(),
        Period: 60,
        Statistics: ['Maximum'],
      }),
    );
    return Datapoints.at(-1)?.Maximum;
  }

  /** What came of it, once nobody holds the lease and both kinds of workflow have ended; undefined before. */
  private async ending(table: RoutingTable): Promise<string | undefined> {
    if (!this.execution || (await this.runs())) return undefined;
    const positions = [...sharesOf(table).keys()];
    return positions.length === 1 ? positions[0] : `stuck between ${positions.join(' and ')}`;
  }

  private async runs(): Promise<boolean> {
    const { status } = await this.sfn.send(new DescribeExecutionCommand({ executionArn: this.execution }));
    const { executions = [] } = await this.sfn.send(
      new ListExecutionsCommand({ stateMachineArn: this.outputs.RollbackStateMachine, statusFilter: 'RUNNING' }),
    );
    return status === 'RUNNING' || executions.length > 0;
  }

  private async stateOf(executionArn: string): Promise<string> {
    const { events = [] } = await this.sfn.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 50, includeExecutionData: false }),
    );
    const entered = events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails);
    return entered?.stateEnteredEventDetails?.name ?? 'starting';
  }
}

/** Outputs checked. @throws RehearsalError naming what is missing */
export function rolloutOutputs(outputs: Readonly<Record<string, string>>): RolloutOutputs {
  const names = ['Migration', 'LedgerTable', 'RolloutStateMachine', 'RollbackStateMachine', 'FirstAlarm', 'Client'] as const;
  const missing = names.filter((name) => !outputs[name]);
  if (missing.length > 0) throw new RehearsalError(`The example stack has no output ${missing.join(', ')}.`);
  return outputs as unknown as RolloutOutputs;
}
