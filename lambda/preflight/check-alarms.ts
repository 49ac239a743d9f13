import type { Alarm, Alarms, Clock } from '../core/control';

/** How long alarms get to come to OK after their metrics had data, and how often to look, in milliseconds. */
const PATIENCE = 20_000;
const LOOK_EVERY = 2000;

/**
 * What is wrong with the trigger alarms. AppConfig takes a deployment back on ALARM and on INSUFFICIENT_DATA, and does
 * nothing while an alarm's actions are disabled (AWS AppConfig User Guide, "Monitoring deployments for automatic rollback").
 */
export async function checkAlarms(alarms: Alarms, names: readonly string[], clock: Clock): Promise<string[]> {
  const deadline = clock.now() + PATIENCE;
  for (;;) {
    const problems = problemsOf(names, await alarms.describe(names));
    if (problems.length === 0 || clock.now() >= deadline) return problems;
    await clock.sleep(LOOK_EVERY);
  }
}

function problemsOf(names: readonly string[], found: readonly Alarm[]): string[] {
  return names.flatMap((name): string[] => {
    const alarm = found.find((candidate) => candidate.name === name);
    if (!alarm) return [`Trigger alarm ${name} does not exist. Deploy the stack that has it, or remove the trigger.`];
    const state =
      alarm.state === 'OK'
        ? []
        : [
            `Trigger alarm ${name} is in ${alarm.state} (${alarm.reason ?? 'no reason given'}). Mend what it tells of; ` +
              'let it treat missing data as not breaching: AppConfig also reverts on INSUFFICIENT_DATA.',
          ];
    const actions = alarm.actionsEnabled
      ? []
      : [`The actions of trigger alarm ${name} are disabled. Enable them: nothing would roll back.`];
    return [...state, ...actions];
  });
}
