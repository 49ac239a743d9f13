import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Publish } from '../core/control';
import { METRICS, type MetricName } from '../core/names';
import { isLocalAws } from './local-aws';

type Unit = (typeof MetricUnit)[keyof typeof MetricUnit];

/** Metrics that are no counts. CloudWatch has no unit for hours (Amazon CloudWatch API Reference, MetricDatum: `Unit`). */
const UNITS: Partial<Record<MetricName, Unit>> = {
  [METRICS.replicationLag]: MetricUnit.Seconds,
  [METRICS.copiedItems]: MetricUnit.Percent,
  [METRICS.copiedSlices]: MetricUnit.Percent,
  [METRICS.keysMoving]: MetricUnit.Percent,
  [METRICS.keysOnTarget]: MetricUnit.Percent,
  [METRICS.windowHoursLeft]: MetricUnit.NoUnit,
};

/**
 * Publishes metrics of a migration with the dimension `Migration`: as lines of the log in embedded metric format, which
 * cost no request (Amazon CloudWatch User Guide, "Embedded metric format"); on local AWS, which does not read them, by PutMetricData.
 */
export function metricsPublisher(namespace: string, migration: string, local = isLocalAws()): Publish {
  return local ? putMetricData(new CloudWatchClient(), namespace, migration) : embedded(namespace, migration);
}

function embedded(namespace: string, migration: string): Publish {
  const metrics = new Metrics({ namespace });
  // Powertools adds a dimension `service` of its own, under which no alarm would find a metric.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ Migration: migration });
  return async (values) => {
    for (const [name, value] of entries(values)) metrics.addMetric(name, unitOf(name), value);
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
}

/** The same metrics by an API request. */
export function putMetricData(client: CloudWatchClient, namespace: string, migration: string): Publish {
  return async (values) => {
    const MetricData = entries(values).map(([MetricName, Value]) => ({
      ...{ MetricName, Value, Unit: unitOf(MetricName) },
      Dimensions: [{ Name: 'Migration', Value: migration }],
    }));
    if (MetricData.length > 0) await client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  };
}

function entries(values: Parameters<Publish>[0]): [MetricName, number][] {
  return Object.entries(values) as [MetricName, number][];
}

function unitOf(name: MetricName): Unit {
  return UNITS[name] ?? MetricUnit.Count;
}
