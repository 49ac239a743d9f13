import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { burnWindows, type ErrorBudget, failedShare } from '../../safety/burn-rate';
import { type Graph, graph } from '../graph';
import type { Sight } from '../sight';

/** The time of an error budget. */
const DAYS = 30;

/** What is left of each error budget, and how fast it burns. */
export function budgetRows({ triggers }: Sight): Graph[][] {
  return triggers.flatMap(({ trigger: { id, _budget } }) => (_budget ? [[left(id, _budget), burning(id, _budget)]] : []));
}

/**
 * Percent of the failures that the requests of 30 days allow: what counts is the last point, which has all of them behind it.
 * `RUNNING_SUM`: Amazon CloudWatch User Guide, "Using math expressions with CloudWatch metrics".
 */
function left(id: string, { errors, requests, objective }: ErrorBudget): Graph {
  const period = Duration.hours(1);
  const allowed = Number((1 - objective / 100).toFixed(9));
  const metric = new cloudwatch.MathExpression({
    expression: `100 - 100 * RUNNING_SUM(FILL(errors, 0)) / (${allowed} * RUNNING_SUM(FILL(requests, 0)))`,
    usingMetrics: { errors: errors.with({ statistic: 'Sum', period }), requests: requests.with({ statistic: 'Sum', period }) },
    label: 'left',
    period,
  });
  return graph(`${id}: error budget left, ${DAYS} days (%)`, [metric], { isShare: true, start: `-P${DAYS}D` });
}

function burning(id: string, budget: ErrorBudget): Graph {
  const windows = burnWindows(budget.objective);
  const metrics = windows.map(({ minutes }) => failedShare(budget, minutes).with({ label: `${minutes} minutes` }));
  const thresholds = windows.map(({ minutes, threshold: value }) => ({ value, label: `too much over ${minutes} minutes` }));
  return graph(`${id}: requests that fail (%)`, metrics, { thresholds });
}
