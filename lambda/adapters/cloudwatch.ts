import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Alarm, Alarms } from '../core/control';

/** Names in one request (Amazon CloudWatch API, DescribeAlarms). */
const NAMES_PER_REQUEST = 100;

/** Alarms of any kind, metric or composite: a user may give either. */
export class CloudWatchAlarms implements Alarms {
  constructor(private readonly client: CloudWatchClient) {}

  async describe(names: readonly string[]): Promise<Alarm[]> {
    const found: Alarm[] = [];
    for (let at = 0; at < names.length; at += NAMES_PER_REQUEST) {
      found.push(...(await this.page(names.slice(at, at + NAMES_PER_REQUEST))));
    }
    return found;
  }

  private async page(AlarmNames: string[]): Promise<Alarm[]> {
    const answer = await this.client.send(
      new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: NAMES_PER_REQUEST }),
    );
    return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].map((alarm) => ({
      name: alarm.AlarmName as string,
      state: alarm.StateValue as Alarm['state'],
      actionsEnabled: alarm.ActionsEnabled !== false,
      ...(alarm.StateReason ? { reason: alarm.StateReason } : {}),
      ...(alarm.AlarmDescription ? { description: alarm.AlarmDescription } : {}),
      ...sinceOf(alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp),
    }));
  }
}

function sinceOf(time: Date | undefined): { since?: number } {
  return time ? { since: time.getTime() } : {};
}
