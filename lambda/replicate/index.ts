import { SQSClient } from '@aws-sdk/client-sqs';
import { dynamoClient } from '../adapters/dynamodb-client';
import { loadModel, settings, variable } from '../adapters/environment';
import { reportFailures } from '../adapters/local-aws';
import { metricsPublisher } from '../adapters/metrics';
import { type Invocation, remainingOf, routingOf } from '../adapters/routing';
import { databaseOf, freshTokens, ledgerOf, once, systemClock } from '../adapters/services';
import { SqsQueue } from '../adapters/sqs';
import { xraySender } from '../adapters/xray';
import { type ReplicatePorts, replicate } from './replicate';
import { recordsOf, type StreamEvent } from './stream-event';
import { Tracer } from './tracing';

const dynamo = dynamoClient();
const sqs = new SQSClient();

const ports = once(async (): Promise<Omit<ReplicatePorts, 'remaining'> & { tracer: Tracer }> => {
  const at = settings();
  const model = await loadModel(at.schemas);
  const direction = process.env.DIRECTION === 'reverse' ? 'reverse' : 'forward';
  const ledger = ledgerOf(dynamo, at);
  const { migration } = at;
  return {
    direction,
    database: databaseOf(dynamo, at, model),
    model,
    ledger,
    tracer: new Tracer({ migration, direction, ledger, send: xraySender(), ...systemClock }),
    routing: routingOf(at),
    tokens: freshTokens,
    poison: new SqsQueue(sqs, variable('POISON_QUEUE_URL')),
    publish: metricsPublisher(at.metricNamespace, at.migration),
    now: systemClock.now,
  };
});

/** Called by the event source of one table's stream. */
export async function handler(event: StreamEvent, invocation: Invocation): Promise<ReturnType<typeof reportFailures>> {
  const { tracer, ...own } = await ports();
  const tracing = tracer.begin(process.env._X_AMZN_TRACE_ID);
  const failed = await replicate({ ...own, tracing, remaining: remainingOf(invocation) }, recordsOf(event));
  return reportFailures(failed === undefined ? [] : [failed]);
}
