import { draw } from '../charts/draw';
import { SHOWN, sharesChart } from '../charts/shares-chart';
import type { Run } from '../facts/run';
import { standings } from '../facts/shares';
import { type Html, html } from '../html';
import { nothing, section } from './section';

/** Where the keys stood. */
export async function traffic(run: Run): Promise<Html> {
  const all = standings(run);
  if (all.length === 0)
    return section(
      'traffic',
      'Traffic by position',
      nothing('No release of this run is on record: no key of a user has moved, or an older version ran it.'),
    );
  const present = SHOWN.filter((position) => all.some(({ shares }) => shares[position] !== undefined));
  const legend = present.map((position) => html`<li><i style="background:var(--${position})"></i>${position}</li>`);
  const note =
    'Share of all keys. Between its release and the moment every client has it, a step is drawn as a straight line. Dashed: a stage ended, or a rollback began. Times are UTC.';
  return section(
    'traffic',
    'Traffic by position',
    html`<figure><ul class="legend">${legend}</ul>${await draw(sharesChart(run, all))}<figcaption>${note}</figcaption></figure>`,
  );
}
