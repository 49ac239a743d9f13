import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { TriggerKind } from '../../safety/trigger-kinds';
import { alarmGraph, type Graph } from '../graph';
import type { Sight } from '../sight';

/** Triggers on metrics of the user's. */
const YOURS: readonly TriggerKind[] = ['metric', 'errorRate', 'anomaly', 'alarm'];

/** Graphs side by side. */
const MOST = 4;

/** The user's own metrics that can set a trigger off, with their thresholds. What an imported or a composite alarm watches is not known here. */
export function signalRows({ triggers }: Sight): Graph[][] {
  const graphs = triggers
    .filter(({ trigger, alarm }) => YOURS.includes(trigger._kind) && alarm instanceof cloudwatch.Alarm)
    .map(({ trigger, alarm }) => alarmGraph(trigger.id, alarm));
  return Array.from({ length: Math.ceil(graphs.length / MOST) }, (_, n) => graphs.slice(n * MOST, (n + 1) * MOST));
}
