import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { TriggerKind } from '../safety/trigger-kinds';
import type { BoundTrigger } from '../safety/triggers';

/** Width of a page, in units of a dashboard's grid. */
export const PAGE = 24;
const HEIGHT = 6;

/** What a graph shows besides its lines. */
export interface GraphOptions {
  /** Drawn as lines: what sets triggers off that watch these metrics. */
  readonly thresholds?: cloudwatch.HorizontalAnnotation[];
  /** Percent: from 0 to 100. */
  readonly isShare?: boolean;
  /** How far back it goes, such as `-P30D`, whatever the page shows. */
  readonly start?: string;
}

/** A graph. Its width is that of its row, divided. */
export type Graph = (width: number) => cloudwatch.IWidget;

export function graph(title: string, left: cloudwatch.IMetric[], options: GraphOptions = {}): Graph {
  const { thresholds, isShare, start } = options;
  const leftYAxis = { min: 0, ...(isShare ? { max: 100 } : {}), showUnits: false };
  return (width) =>
    new cloudwatch.GraphWidget({ title, left, leftAnnotations: thresholds, leftYAxis, start, width, height: HEIGHT });
}

/** The metric of an alarm with its threshold, as CloudWatch draws it. */
export function alarmGraph(title: string, alarm: cloudwatch.IAlarm): Graph {
  return (width) => new cloudwatch.AlarmWidget({ title, alarm, width, height: HEIGHT });
}

/** The thresholds of the triggers of a kind. Each is that of its alarm. */
export function thresholdsOf(triggers: readonly BoundTrigger[], kind: TriggerKind): cloudwatch.HorizontalAnnotation[] {
  const alarms = triggers.filter(({ trigger }) => trigger._kind === kind).map(({ alarm }) => alarm);
  return alarms.flatMap((alarm) => (alarm instanceof cloudwatch.Alarm ? [alarm.toAnnotation()] : []));
}

/** What the triggers of a kind watch, where that is a sum of what a graph shows: their thresholds are of the sum. */
export function watchedBy(triggers: readonly BoundTrigger[], kind: TriggerKind): cloudwatch.IMetric[] {
  const alarms = triggers.filter(({ trigger }) => trigger._kind === kind).map(({ alarm }) => alarm);
  return alarms.flatMap((alarm) => {
    const metric = alarm instanceof cloudwatch.Alarm ? alarm.metric : undefined;
    return metric instanceof cloudwatch.MathExpression ? [metric.with({ label: 'all together' })] : [];
  });
}

/** Graphs side by side, as wide as the page. */
export function rowOf(graphs: readonly Graph[]): cloudwatch.IWidget[] {
  return graphs.map((each) => each(Math.floor(PAGE / graphs.length)));
}
