import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Change } from '../operator/change';

/** What an alarm says that was set by hand. */
const BY_HAND = 'Drill: set by hand.';

/** Puts an alarm into a state by hand. CloudWatch acts on it as if it had measured. */
export async function setAlarm({ aws }: Change, AlarmName: string, StateValue: 'OK' | 'ALARM'): Promise<void> {
  await aws.cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: BY_HAND }));
}

/**
 * Has every trigger at rest before a run that nobody raised by a measurement: nobody measures the user's application on local AWS, so an
 * alarm of theirs would stay without data, and one that was raised by hand would stay raised. Answers the names of those without data.
 */
export async function calm(change: Change): Promise<string[]> {
  const { triggers } = change.configuration.alarms;
  const alarms = (await change.alarms()).filter(({ name }) => triggers.includes(name));
  const raised = alarms.filter(({ state, reason }) => state === 'ALARM' && reason === BY_HAND);
  const silent = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA');
  for (const { name } of [...raised, ...silent]) await setAlarm(change, name, 'OK');
  return silent.map(({ name }) => name);
}
