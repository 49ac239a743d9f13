import { type Html, html, type Part } from '../html';

/** A section of the page with its heading; `id` is its anchor. */
export function section(id: string, title: string, ...content: readonly Part[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;
}

/** One sentence where there is nothing to show. */
export function nothing(text: string): Html {
  return html`<p class="nothing">${text}</p>`;
}

/** A table that scrolls by itself where it is too wide; on a telephone each row is a card. Columns whose name ends with `#` hold numbers. */
export function table(name: string, columns: readonly string[], rows: readonly (readonly Part[])[]): Html {
  const isNumber = columns.map((column) => column.endsWith('#'));
  const align = (index: number) => (isNumber[index] ? html` class="number"` : html``);
  const titles = columns.map((column) => column.replace(/#$/, ''));
  const head = titles.map((title, index) => html`<th scope="col"${align(index)}>${title}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>${row.map((cell, index) => html`<td${align(index)} data-column="${titles[index]}"><div>${cell}</div></td>`)}</tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** A word with a colour that says the same. */
export function badge(tone: string, text: string): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

/** Names and values. */
export function facts(pairs: readonly (readonly [string, Part])[]): Html {
  return html`<dl>${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
