import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { GateOptions } from './gate-options';
import { commonOf, type GateParts } from './gate-parts';

/** An alarm that must be OK. */
export function alarmGate(alarm: cloudwatch.IAlarm, options: GateOptions): GateParts {
  const common = commonOf('Gate.alarm()', options.id ?? alarm.node.id, options);
  return { id: common.id, observed: { spec: () => ({ kind: 'alarm', ...common, alarm: alarm.alarmName }) } };
}
