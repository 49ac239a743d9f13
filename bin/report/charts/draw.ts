import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { Html, html } from '../html';

/** Widths in pixels: of a page, and of a telephone. */
const WIDTHS = { wide: 860, narrow: 330 } as const;

/** A chart: what a screen reader says, and what vega-lite draws in so many pixels. */
export interface Chart {
  readonly description: string;
  readonly spec: (width: number) => object;
}

/** Colours are the page's, so that a chart is legible in dark, in light and on paper. */
const CONFIG = {
  background: 'transparent',
  view: { stroke: null },
  axis: {
    ...{ labelColor: 'var(--muted)', titleColor: 'var(--muted)', domainColor: 'var(--line)', tickColor: 'var(--line)' },
    ...{ gridColor: 'var(--line)', labelFontSize: 11, labelFont: 'inherit' },
  },
  text: { font: 'inherit', fontSize: 11 },
} as const;

/** A chart in both widths, of which the page shows one. It needs no script and no clock: the same data gives the same text. */
export async function draw(chart: Chart): Promise<Html> {
  const [wide, narrow] = await Promise.all([svg(chart, WIDTHS.wide), svg(chart, WIDTHS.narrow)]);
  return html`<div class="wide">${wide}</div><div class="narrow">${narrow}</div>`;
}

async function svg({ description, spec }: Chart, width: number): Promise<Html> {
  const sized = { ...spec(width), width, autosize: { type: 'fit', contains: 'padding' }, padding: 4, config: CONFIG };
  const view = new View(parse(compile(sized as TopLevelSpec).spec), { renderer: 'none' });
  const text = await view.toSVG();
  view.finalize();
  const opening = html`<svg role="img" aria-label="${description}" `.text;
  return new Html(text.replace('<svg ', () => opening).replace('>', () => html`><title>${description}</title>`.text));
}
