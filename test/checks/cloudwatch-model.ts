import type { Template } from 'aws-cdk-lib/assertions';

/**
 * Values of metrics by name: one each minute, undefined where there are no data. `expected` is the upper bound of what CloudWatch
 * expects, where an alarm looks for anomalies.
 */
export type Series = Readonly<Record<string, readonly (number | undefined)[]>>;

interface MetricStat {
  readonly Metric: { readonly MetricName: string };
  readonly Period: number;
  readonly Stat: string;
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: MetricStat;
}

/** The properties of an alarm as it is synthesised. */
interface AlarmProperties {
  readonly MetricName?: string;
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly Query[];
  readonly Threshold?: number;
  /** The query that gives the bound, where no number does. */
  readonly ThresholdMetricId?: string;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: string;
}

/**
 * The minutes in which the alarms of a template go off, by logical id: from OK to ALARM. As Amazon CloudWatch evaluates
 * metric alarms ("Configuring how CloudWatch alarms treat missing data") and composite ones ("AlarmRule").
 */
export function alarmsOf(template: Template, series: Series, minutes: number): Map<string, number[]> {
  const metric = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => {
    return [
      id,
      Array.from({ length: minutes }, (_, minute) => isInAlarm(Properties as AlarmProperties, series, minute + 1)),
    ] as const;
  });
  const states = new Map(metric);
  for (const [id, { Properties }] of Object.entries(template.findResources('AWS::CloudWatch::CompositeAlarm'))) {
    const rule = ruleOf(Properties.AlarmRule);
    states.set(
      id,
      Array.from({ length: minutes }, (_, minute) => evaluated(rule, (alarm) => states.get(alarm)?.[minute] === true)),
    );
  }
  return new Map([...states].map(([id, on]) => [id, on.flatMap((now, minute) => (now && !on[minute - 1] ? [minute + 1] : []))]));
}

/** At the end of a minute, over the newest windows that are whole. */
function isInAlarm(alarm: AlarmProperties, series: Series, minute: number): boolean {
  const period = (alarm.Period ?? alarm.Metrics?.find(({ MetricStat: stat }) => stat)?.MetricStat?.Period ?? 60) / 60;
  const windows = Array.from({ length: alarm.EvaluationPeriods }, (_, n) => minute - (n + 1) * period).filter(
    (from) => from >= 0,
  );
  const beyond = windows.filter((from) => {
    const bound = alarm.ThresholdMetricId ? statistic(series.expected, 'Maximum', from, from + period) : alarm.Threshold;
    return isBeyond(alarm, windowOf(alarm, series, from, from + period), bound);
  });
  return beyond.length >= (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods);
}

function isBeyond(
  { ComparisonOperator, TreatMissingData }: AlarmProperties,
  value: number | undefined,
  bound: number | undefined,
): boolean {
  if (value === undefined || bound === undefined) return TreatMissingData === 'breaching';
  if (ComparisonOperator === 'GreaterThanThreshold') return value > bound;
  if (ComparisonOperator === 'GreaterThanUpperThreshold') return value > bound;
  if (ComparisonOperator === 'GreaterThanOrEqualToThreshold') return value >= bound;
  if (ComparisonOperator === 'LessThanThreshold') return value < bound;
  throw new Error(`Unknown comparison ${ComparisonOperator}`);
}

function windowOf(alarm: AlarmProperties, series: Series, from: number, to: number): number | undefined {
  if (alarm.MetricName) return statistic(series[alarm.MetricName], alarm.Statistic ?? alarm.ExtendedStatistic ?? '', from, to);
  const queries = alarm.Metrics ?? [];
  const known = Object.fromEntries(
    queries.flatMap(({ Id, MetricStat: stat }) =>
      stat ? [[Id, statistic(series[stat.Metric.MetricName], stat.Stat, from, to)]] : [],
    ),
  );
  const judged = queries.find(({ Id }) => Id !== alarm.ThresholdMetricId && known[Id] !== undefined);
  if (alarm.ThresholdMetricId) return judged && known[judged.Id];
  return computed(queries.find(({ Expression }) => Expression)?.Expression ?? '', known);
}

function statistic(values: Series[string] = [], name: string, from: number, to: number): number | undefined {
  const found = values.slice(from, to).filter((value) => value !== undefined);
  if (found.length === 0) return undefined;
  if (name === 'Sum') return found.reduce((sum, value) => sum + value, 0);
  return name === 'Average' ? found.reduce((sum, value) => sum + value, 0) / found.length : Math.max(...found);
}

/** Sums, products, quotients and choices; an operand without data leaves none, unless FILL gives one. */
function computed(expression: string, known: Readonly<Record<string, number | undefined>>): number | undefined {
  const filled = expression.replace(/FILL\((\w+), 0\)/g, (_, id: string) => `(${known[id] ?? 0})`);
  const told = filled
    .replace(/\b[a-z]\w*\b/g, (id) => String(known[id]))
    .replace(/^IF\((.+), (.+), (.+)\)$/, '($1) ? ($2) : ($3)');
  const value: unknown = new Function(`return ${told}`)();
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The text of a rule, with logical ids in place of ARNs. */
function ruleOf(rule: unknown): string {
  if (typeof rule === 'string') return rule;
  const [, parts] = (rule as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : (part as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0])).join('');
}

function evaluated(rule: string, isOn: (alarm: string) => boolean): boolean {
  const told = rule
    .replace(/ALARM\("?(\w+)"?\)/g, (_, id: string) => String(isOn(id)))
    .replace(/\bOR\b/g, '||')
    .replace(/\bAND\b/g, '&&');
  return new Function(`return ${told}`)() as boolean;
}
