import { draw } from '../charts/draw';
import { type Series, type SeriesChart, seriesChart } from '../charts/series-chart';
import type { ReportData } from '../data';
import type { Run } from '../facts/run';
import { duration } from '../format';
import { type Html, html } from '../html';
import { nothing, section } from './section';

/** Divergence, lag and latency over time. */
export async function measurements(run: Run, { measurements: measured }: ReportData): Promise<Html> {
  const { period, divergence, lag, latencyLegacy, latencyTarget } = measured;
  const charts: SeriesChart[] = [
    { title: 'Divergence', unit: 'groups', period, series: [{ name: 'groups that differ', color: '--bad', points: divergence }] },
    { title: 'Replication lag', unit: 's', period, series: [{ name: 'oldest change', color: '--accent', points: lag }] },
    {
      title: 'Latency of compared reads, 99th percentile',
      unit: 'ms',
      period,
      series: [
        { name: 'old path', color: '--muted', dash: [5, 3], points: latencyLegacy },
        { name: 'new path', color: '--accent', points: latencyTarget },
      ],
    },
  ];
  const figures = await Promise.all(charts.map((chart) => figure(run, chart)));
  return section(
    'measurements',
    'Measurements',
    figures,
    html`<p class="note">Each value is of ${duration(period * 1000)}. A gap is a time in which nothing was measured.</p>`,
  );
}

async function figure(run: Run, chart: SeriesChart): Promise<Html> {
  const { title, unit } = chart;
  const series = chart.series.filter(({ points }) => points.length > 0);
  const heading = html`<h3>${title} <span class="unit">${unit}</span></h3>`;
  if (series.length === 0)
    return html`<figure>${heading}${nothing('Not measured: CloudWatch has no values for the time of this run.')}</figure>`;
  const missing = chart.series.filter(({ points }) => points.length === 0).map(({ name }) => `${name}: not measured`);
  return html`<figure>${heading}${chart.series.length > 1 && html`<ul class="legend">${series.map(legend)}</ul>`}${await draw(seriesChart(run, { ...chart, series }))}${missing.length > 0 && html`<figcaption>${missing.join(', ')}.</figcaption>`}</figure>`;
}

function legend({ name, color, dash }: Series): Html {
  return html`<li><i class="line${dash ? ' dashed' : ''}" style="color:var(${color})"></i>${name}</li>`;
}
