import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Change } from '../operator/change';

/** Puts an alarm into a state by hand. CloudWatch acts on it as if it had measured. */
export async function setAlarm({ aws }: Change, AlarmName: string, StateValue: 'OK' | 'ALARM'): Promise<void> {
  const StateReason = `Drill: set to ${StateValue} by hand.`;
  await aws.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
}

/**
 * Has every trigger at rest before a run: nobody measures the user's application on local AWS, so an alarm of theirs would stay without
 * data, and one that was raised by hand would stay raised. Answers the names of those that were set.
 */
export async function calm(change: Change): Promise<string[]> {
  const { triggers } = change.configuration.alarms;
  const restless = (await change.alarms()).filter(({ name, state }) => state !== 'OK' && triggers.includes(name));
  for (const { name } of restless) await setAlarm(change, name, 'OK');
  return restless.map(({ name }) => name);
}
