import type { ReportData } from './data';
import { reportedRun } from './facts/run';
import { moment } from './format';
import { type Html, html } from './html';
import { costs } from './sections/costs';
import { decisions } from './sections/decisions';
import { gates } from './sections/gates';
import { header } from './sections/header';
import { hypotheses } from './sections/hypotheses';
import { lessons } from './sections/lessons';
import { measurements } from './sections/measurements';
import { rollbacks } from './sections/rollbacks';
import { runs } from './sections/runs';
import { nothing } from './sections/section';
import { stages } from './sections/stages';
import { timeline } from './sections/timeline';
import { traffic } from './sections/traffic';
import { STYLE } from './style';

/**
 * The report of a run as one page that needs nothing from elsewhere, and no script. The same data gives the same text. Of a run
 * that is not over it says what is known so far; what was not measured says so.
 */
export async function report(data: ReportData): Promise<string> {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${[data.migration, data.run].filter(Boolean).join(', ')}: review</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${await content(data)}
<footer>Made from the ledger and the metrics of ${data.migration} at ${moment(data.madeAt, true)}. All times are UTC.</footer>
</main>
</body>
</html>
`.text;
}

async function content(data: ReportData): Promise<Html> {
  const run = reportedRun(data);
  if (!run) {
    const which = data.run === undefined ? 'No run of this migration was ever begun.' : `The ledger knows no run ${data.run}.`;
    return html`<header><h1>${data.migration}</h1></header>${nothing(which)}`;
  }
  return html`${[
    header(run, data),
    await traffic(run),
    stages(run, data),
    rollbacks(run),
    lessons(run, data),
    await measurements(run, data),
    gates(run, data),
    hypotheses(run),
    decisions(run),
    timeline(run),
    costs(run, data),
    runs(run, data),
  ]}`;
}
