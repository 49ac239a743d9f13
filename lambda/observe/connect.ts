import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CloudWatchAlarms } from '../adapters/cloudwatch';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings } from '../adapters/environment';
import { metricsPublisher } from '../adapters/metrics';
import { appConfigClient, controlOf, databaseOf, freshTokens, ledgerOf, planOf, systemClock } from '../adapters/services';
import { SqsQueue } from '../adapters/sqs';
import { compareSample } from './compare';
import type { MeasurePorts } from './measure';

const dynamo = dynamoClient();
const appConfig = appConfigClient();
const sqs = new SQSClient();
const alarms = new CloudWatchAlarms(new CloudWatchClient());

/** What measuring needs, on AWS: for the bake's observations and for the sample of every minute. */
export async function connect(): Promise<MeasurePorts> {
  const at = settings();
  const model = await loadModel(at.schemas);
  const ledger = ledgerOf(dynamo, at);
  const own = {
    ledger,
    database: databaseOf(dynamo, at, model),
    model,
    clock: systemClock,
    random: Math.random,
  };
  return {
    ...own,
    control: controlOf(appConfig, at, ledger),
    tokens: freshTokens,
    alarms,
    triggers: at.triggerAlarms,
    plan: planOf(at),
    publish: metricsPublisher(at.metricNamespace, at.migration),
    givenUp: async () => (at.givenUpQueueUrl ? new SqsQueue(sqs, at.givenUpQueueUrl).held() : 0),
    compare: () => compareSample(own),
  };
}
