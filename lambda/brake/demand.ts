import type { Alarm } from '../core/control';
import { RolloutError } from '../core/errors';
import { ROLLBACK_MODES, type RollbackMode } from '../core/ledger';
import type { TriggerMode } from '../core/rollback';

/** What an operator asks for. */
export interface DirectEvent {
  readonly mode: RollbackMode;
  readonly reason: string;
}

/** Asks the brake to look for itself. */
export interface LookEvent {
  readonly look: true;
}

/** Alarm notifications by SNS, or an operator's request. */
export type AskingEvent = DirectEvent | { readonly Records: readonly { readonly Sns: { readonly Message: string } }[] };

/** What the brake is called with. */
export type BrakeEvent = AskingEvent | LookEvent;

/** A rollback that somebody wants. */
export interface RollbackDemand {
  readonly by: 'alarm' | 'operator' | 'look';
  readonly mode: RollbackMode;
  readonly reason: string;
}

/** A pause that an alarm wants. */
export interface PauseDemand {
  readonly by: 'alarm';
  readonly mode: 'pause';
  readonly reason: string;
  /** Name of the alarm. */
  readonly alarm: string;
  /** When it went off, in milliseconds since 1970; absent where it does not say. */
  readonly since?: number;
}

export type Demand = RollbackDemand | PauseDemand;

/**
 * What an event asks for: nothing for alarms that went back to OK.
 * Message format: Amazon CloudWatch User Guide, "Notifying users on alarm changes" (AlarmName, AlarmDescription, NewStateValue,
 * NewStateReason, StateChangeTime).
 * @throws InvalidConfiguration for anything else
 */
export function demandsOf(event: AskingEvent, modes: Readonly<Record<string, TriggerMode>>): Demand[] {
  if (!('Records' in event)) return [directDemand(event)];
  return event.Records.flatMap(({ Sns }): Demand[] => {
    const alarm = parse(Sns.Message);
    if (alarm.NewStateValue !== 'ALARM') return [];
    const { AlarmName: name, NewStateReason: reason, AlarmDescription: description, StateChangeTime: time } = alarm;
    return [demandOf({ name, reason, description, since: time === undefined ? undefined : Date.parse(time) }, modes)];
  });
}

/** What an alarm asks for, with what it says of itself: numbers, and why they matter. */
export function demandOf(
  { name, reason, description, since }: Pick<Alarm, 'name' | 'reason' | 'description' | 'since'>,
  modes: Readonly<Record<string, TriggerMode>>,
): Demand {
  const mode = modes[name] ?? 'soft';
  const told = `Alarm ${name}: ${[reason ?? 'no reason given', description].filter((text) => text).join(' ')}`;
  return mode === 'pause' ? { by: 'alarm', mode, reason: told, alarm: name, since } : { by: 'alarm', mode, reason: told };
}

function directDemand({ mode, reason }: DirectEvent): RollbackDemand {
  if (ROLLBACK_MODES.includes(mode)) return { by: 'operator', mode, reason: reason ?? 'An operator asked for it' };
  throw new RolloutError(
    'InvalidConfiguration',
    `Unknown rollback mode ${mode}. Give { "mode": "${ROLLBACK_MODES.join('" | "')}", "reason": "..." }.`,
    { mode },
  );
}

/** What is read of a notification. CloudWatch says `null` where an alarm has no description. */
interface Notification {
  readonly AlarmName: string;
  readonly NewStateValue: string;
  readonly NewStateReason?: string;
  readonly AlarmDescription?: string;
  readonly StateChangeTime?: string;
}

function parse(message: string): Notification {
  try {
    const alarm = JSON.parse(message);
    if (typeof alarm.AlarmName === 'string' && typeof alarm.NewStateValue === 'string') return alarm;
  } catch {
    // Told below, with the message itself.
  }
  throw new RolloutError(
    'InvalidConfiguration',
    `The brake got a message that is no CloudWatch alarm: ${message.slice(0, 200)}. Connect only alarms to its topic.`,
  );
}

/**
 * What the constructs tell the brake: ROLLBACK_STATE_MACHINE_ARN, and TRIGGER_MODES, the modes of the alarms that take back, in
 * their order. The others pause.
 * @throws InvalidConfiguration
 */
export function brakeSettings(
  env: Readonly<Record<string, string | undefined>>,
  triggerAlarms: readonly string[],
  pauseAlarms: readonly string[],
): { stateMachine: string; modes: Record<string, TriggerMode> } {
  const stateMachine = env.ROLLBACK_STATE_MACHINE_ARN;
  if (!stateMachine) {
    throw new RolloutError(
      'InvalidConfiguration',
      'The environment variable ROLLBACK_STATE_MACHINE_ARN is not set. The constructs set it: deploy the stack again.',
    );
  }
  const modes = (env.TRIGGER_MODES ?? '').split(',') as RollbackMode[];
  const taking = triggerAlarms.map((name, index) => [name, modes[index] ?? 'soft'] as const);
  const pausing = pauseAlarms.map((name) => [name, 'pause'] as const);
  return { stateMachine, modes: Object.fromEntries([...taking, ...pausing]) };
}
