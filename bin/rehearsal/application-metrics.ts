import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { APPLICATION } from '../../examples/cities/stages';
import type { Connection } from '../local-aws';

/** Milliseconds between two reports. */
const INTERVAL = 5000;
/** Values of one datum (Amazon CloudWatch API, MetricDatum). */
const MOST_VALUES = 150;

/** What the application of the rehearsal tells CloudWatch of itself: how long operations take, and how many fail. */
export class ApplicationMetrics {
  private readonly cloudwatch: CloudWatchClient;
  private readonly timer: NodeJS.Timeout;
  private latencies: number[] = [];
  private errors = 0;

  constructor(connection: Connection) {
    this.cloudwatch = new CloudWatchClient(connection);
    this.timer = setInterval(() => this.report(), INTERVAL);
  }

  /** One operation, tries included or not, as the application counts them. */
  operation(milliseconds: number, failed: boolean): void {
    this.latencies.push(milliseconds);
    if (failed) this.errors++;
  }

  /** A line of a log that holds metrics: on AWS the log is enough (`docs/local-aws.md`). */
  readonly line = (text: string): void => {
    const { _aws, Migration, ...values } = JSON.parse(text);
    const Dimensions = [{ Name: 'Migration', Value: Migration }];
    const data = Object.entries(values).map(([MetricName, Value]) => ({
      ...{ MetricName, Dimensions },
      ...(Array.isArray(Value) ? { Values: Value } : { Value: Value as number }),
    }));
    this.put(_aws.CloudWatchMetrics[0].Namespace, data);
  };

  stop(): void {
    clearInterval(this.timer);
  }

  private report(): void {
    const { Namespace, latency, errors } = APPLICATION;
    const Values = this.latencies.slice(-MOST_VALUES);
    const data: MetricDatum[] = [{ MetricName: errors, Value: this.errors, Unit: 'Count' }];
    if (Values.length > 0) data.push({ MetricName: latency, Values, Unit: 'Milliseconds' });
    this.latencies = [];
    this.errors = 0;
    this.put(Namespace, data);
  }

  /** What is not heard is missing: the next report comes soon. */
  private put(Namespace: string, MetricData: MetricDatum[]): void {
    this.cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData })).catch(() => {});
  }
}
