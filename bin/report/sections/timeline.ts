import { type Moment, momentsOf } from '../facts/moments';
import type { Run } from '../facts/run';
import { duration, moment } from '../format';
import { type Html, html } from '../html';
import { section } from './section';

/** Everything that the ledger tells, in its order. */
export function timeline(run: Run): Html {
  return section('timeline', 'Timeline', html`<ol class="timeline">${momentsOf(run).map((each) => entry(each, run.from))}</ol>`);
}

function entry({ at, until, times, what, details, tone }: Moment, from: number): Html {
  const many = times > 1 && html` <span class="times">${times} times until ${moment(until)}</span>`;
  return html`<li class="${tone}"><span class="when">${moment(at)}<span class="since">+${duration(at - from)}</span></span><span class="what"><strong>${what}</strong>${many}${details && html` <span class="details">${details}</span>`}</span></li>`;
}
