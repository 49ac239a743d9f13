import { Duration } from 'aws-cdk-lib';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { TriggerKind } from '../../safety/trigger-kinds';
import { type Graph, graph, thresholdsOf, watchedBy } from '../graph';
import type { Sight, StreamReader } from '../sight';

/** What watches how old the records are that a function gets. */
const LAGS: Readonly<Record<string, TriggerKind>> = { forward: 'forwardLag', reverse: 'reverseLag' };

/** What waits: dead letters and how long they have, and records in the streams. */
export function queuesRow({ poisonQueue, givenUpQueue, readers, triggers }: Sight): Graph[] {
  const named: [sqs.IQueue | undefined, string][] = [
    [poisonQueue, 'set aside'],
    [givenUpQueue, 'batches given up'],
  ];
  const queues = named.flatMap(([queue, label]) => (queue ? [{ queue, label }] : []));
  const minute = { period: Duration.minutes(1) };
  const letters = queues.map(({ queue, label }) => queue.metricApproximateNumberOfMessagesVisible({ label, ...minute }));
  const ages = queues.map(({ queue, label }) => queue.metricApproximateAgeOfOldestMessage({ label, ...minute }));
  return [
    ...(queues.length > 0
      ? [
          graph('Dead letters', [...letters, ...watchedBy(triggers, 'deadLetters')], {
            thresholds: thresholdsOf(triggers, 'deadLetters'),
          }),
          graph('Oldest dead letter (s)', ages),
        ]
      : []),
    ...readers.map((reader) => iteratorAge(reader, triggers)),
  ];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html `IteratorAge`, in milliseconds */
function iteratorAge({ name, handler }: StreamReader, triggers: Sight['triggers']): Graph {
  const lag = LAGS[name];
  const age = handler.metric('IteratorAge', { statistic: 'Maximum', period: Duration.minutes(1), label: name });
  return graph(`Records that wait in the stream, ${name} (ms)`, [age], { thresholds: lag && thresholdsOf(triggers, lag) });
}
