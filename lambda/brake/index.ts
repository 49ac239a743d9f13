import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CloudWatchAlarms } from '../adapters/cloudwatch';
import { dynamoClient } from '../adapters/dynamodb-client';
import { settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { ledgerOf, once, systemClock } from '../adapters/services';
import { StepFunctions } from '../adapters/sfn';
import { type BrakePorts, type BrakeResult, brake } from './brake';
import { type BrakeEvent, brakeSettings } from './demand';

const dynamo = dynamoClient();
const executions = new StepFunctions(new SFNClient());
const alarms = new CloudWatchAlarms(new CloudWatchClient());

const ports = once(async (): Promise<BrakePorts> => {
  const at = settings();
  const publish = metricsPublisher(at.metricNamespace, at.migration);
  return {
    ledger: ledgerOf(dynamo, at),
    executions,
    alarms,
    publish,
    ...brakeSettings(process.env, at.triggerAlarms, at.pauseAlarms),
    clock: systemClock,
  };
});

/** Hears alarms by SNS, and looks for itself every minute; an operator may invoke it with { mode, reason }. */
export async function handler(event: BrakeEvent): Promise<BrakeResult> {
  return brake(await ports(), event);
}
