import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, type MetricName } from '../../lambda/core/names';

/**
 * What a migration measures, in CloudWatch. Contract: names and the dimension `Migration` stay as they are.
 *
 * Each is a custom metric, which CloudWatch charges for by the hours in which it has data (Amazon CloudWatch pricing, "Metrics": the first
 * 10,000 cost 0.30 USD a month each in US East). 19 in all: eleven have data every minute, the others only while something is compared,
 * carried over, copied or moved.
 */
export class MigrationMetrics {
  constructor(
    private readonly namespace: string,
    private readonly migration: string,
  ) {}

  /** Items that stand differently on both sides though nothing is under way. Sum of counts over a minute. */
  divergence(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.divergence, cloudwatch.Stats.SUM, options);
  }

  /** Age of the oldest change that has not reached the other side, in seconds. Maximum over a minute. */
  replicationLag(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.replicationLag, cloudwatch.Stats.MAXIMUM, options);
  }

  /** Writes to the legacy table by code that does not use the client. Sum over a minute. */
  unadoptedWrites(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.unadoptedWrites, cloudwatch.Stats.SUM, options);
  }

  /** Changes that went to the poison queue. Sum over a minute. */
  poisonRecords(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.poisonRecords, cloudwatch.Stats.SUM, options);
  }

  /** Target items that the backfill inserted. Sum over a minute. */
  backfilledItems(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.backfilledItems, cloudwatch.Stats.SUM, options);
  }

  /** Groups that reconciliation made equal. Sum over a minute. */
  repaired(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.repaired, cloudwatch.Stats.SUM, options);
  }

  /** Deliveries of a stream that have to be repeated. Sum over a minute. */
  replicationErrors(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.replicationErrors, cloudwatch.Stats.SUM, options);
  }

  /** Sampled reads that clients compared with the other side. Sum over a minute. */
  shadowReads(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.shadowReads, cloudwatch.Stats.SUM, options);
  }

  /** Those whose other side said something else. Sum over a minute. */
  shadowMismatch(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.shadowMismatch, cloudwatch.Stats.SUM, options);
  }

  /** Comparisons that could not be made. Sum over a minute. */
  shadowFailures(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.shadowFailures, cloudwatch.Stats.SUM, options);
  }

  /** Milliseconds that reads of compared groups take on the legacy table. 99th percentile of a minute. */
  shadowLatencyLegacy(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.shadowLatencyLegacy, cloudwatch.Stats.p(99), options);
  }

  /** Milliseconds that reads of compared groups take on the target. 99th percentile of a minute. */
  shadowLatencyTarget(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.shadowLatencyTarget, cloudwatch.Stats.p(99), options);
  }

  /** Changes of the legacy table that replication settled. Sum over a minute. */
  forwardRecords(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.forwardRecords, cloudwatch.Stats.SUM, options);
  }

  /** Changes of the target table that replication settled. Sum over a minute. */
  reverseRecords(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.reverseRecords, cloudwatch.Stats.SUM, options);
  }

  /** Percent of the items that are copied, or amended in place. Only while that goes on. */
  copiedItems(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.copiedItems, cloudwatch.Stats.MAXIMUM, options);
  }

  /** Percent of the slices that are done. Only while they are worked on. */
  copiedSlices(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.copiedSlices, cloudwatch.Stats.MAXIMUM, options);
  }

  /** Percent of the keys that have left the position `legacy`. */
  keysMoving(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.keysMoving, cloudwatch.Stats.MAXIMUM, options);
  }

  /** Percent of the keys whose truth is the target. */
  keysOnTarget(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.keysOnTarget, cloudwatch.Stats.MAXIMUM, options);
  }

  /** 1 while a rollback that ended without having arrived keeps the lease, otherwise 0. Maximum over a minute. */
  rollbackStuck(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.rollbackStuck, cloudwatch.Stats.MAXIMUM, options);
  }

  /** Hours until the reverse window of a completed change is over. Minimum over a minute. */
  windowHoursLeft(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return this.metric(METRICS.windowHoursLeft, cloudwatch.Stats.MINIMUM, options);
  }

  private metric(metricName: MetricName, statistic: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: this.namespace,
      metricName,
      dimensionsMap: { Migration: this.migration },
      statistic,
      period: Duration.minutes(1),
      ...options,
    });
  }
}
