"""Alarms on metric math, which MiniStack 1.5.33 refuses in templates: expressions of +, -, *, /, comparisons, FILL and IF over
metrics, by minutes that are over, m of n, with missing data as CloudWatch treats it (Amazon CloudWatch User Guide, "Using metric
math" and "Configuring how CloudWatch alarms treat missing data"). Evaluated, as all alarms here, when a metric arrives."""

import time

FUNCTIONS = {
    "__builtins__": {},
    "FILL": lambda value, instead: instead if value is None else value,
    "IF": lambda condition, then, otherwise: then if condition else otherwise,
}

COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, bound: value >= bound,
    "GreaterThanThreshold": lambda value, bound: value > bound,
    "LessThanThreshold": lambda value, bound: value < bound,
    "LessThanOrEqualToThreshold": lambda value, bound: value <= bound,
}


def evaluate_metric_math():
    from ministack.services import cloudwatch
    from ministack.services.cloudformation import provisioners

    record, evaluate = provisioners._cw_metric_alarm_record, cloudwatch._evaluate_alarm

    def record_with_math(name, props):
        metrics = props.get("Metrics")
        if not metrics:
            return record(name, props)
        alarm = record(name, {**props, "Metrics": None, "MetricName": "expression", "Namespace": "expression"})
        return {**alarm, "MetricName": "", "Namespace": "", "Metrics": metrics}

    def evaluate_with_math(alarm):
        if alarm.get("Metrics"):
            transition(cloudwatch, alarm, *state_of(cloudwatch, alarm))
        else:
            evaluate(alarm)

    provisioners._cw_metric_alarm_record = record_with_math
    cloudwatch._evaluate_alarm = evaluate_with_math


def state_of(cloudwatch, alarm):
    """The state that the newest windows make, and why; the state as it is where they say nothing."""
    windows, period = int(alarm["EvaluationPeriods"]), period_of(alarm["Metrics"])
    end = int(time.time() // period) * period
    values = [value_of(cloudwatch, alarm["Metrics"], end - n * period, period) for n in range(windows, 0, -1)]
    missing = alarm.get("TreatMissingData", "missing")
    breaches = COMPARISONS[alarm["ComparisonOperator"]]
    breaching = sum(missing == "breaching" if value is None else breaches(value, alarm["Threshold"]) for value in values)
    reason = f"{breaching} of {windows} windows cross {alarm['Threshold']}: {values}"
    if breaching >= int(alarm.get("DatapointsToAlarm") or windows):
        return "ALARM", reason
    if all(value is None for value in values):
        return {"missing": "INSUFFICIENT_DATA", "notBreaching": "OK"}.get(missing, alarm["StateValue"]), reason
    return "OK", reason


def period_of(metrics):
    periods = [int(each["MetricStat"]["Period"]) for each in metrics if each.get("MetricStat")]
    return max(periods, default=60)


def value_of(cloudwatch, metrics, begin, period):
    """The value of the metric or expression that the alarm is about, in one window; None where there is none."""
    known = {each["Id"]: measured(cloudwatch, each["MetricStat"], begin, period) for each in metrics if each.get("MetricStat")}
    asked = next(each for each in metrics if str(each.get("ReturnData", True)).lower() != "false")
    if not asked.get("Expression"):
        return known[asked["Id"]]
    try:
        return eval(asked["Expression"], FUNCTIONS, known)
    except (TypeError, ZeroDivisionError):
        return None


def measured(cloudwatch, stat, begin, period):
    metric = stat["Metric"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
    points = [
        point
        for (namespace, name, _), bucket in cloudwatch._metrics.items()
        if namespace == metric["Namespace"] and name == metric["MetricName"]
        for point in bucket
        if point["Dimensions"] == dimensions and begin <= point["Timestamp"] < begin + period
    ]
    stats = cloudwatch._calc_stats(points)
    return cloudwatch._stat_value(stats, stat["Stat"], points) if stats else None


def transition(cloudwatch, alarm, state, reason):
    before = alarm["StateValue"]
    if state == before:
        return
    alarm.update({"StateValue": state, "StateReason": reason, "StateUpdatedTimestamp": int(time.time())})
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)
