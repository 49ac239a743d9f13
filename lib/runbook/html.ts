import { type Anchored, anchorsOf } from './anchors';
import { shellWords } from './command';
import type { Block, Document, Inline, Text } from './document';
import { STYLE } from './style';

/** The document as one page that needs nothing else: no script, no network. */
export function toHtml({ title, about, blocks }: Document): string {
  const anchors = anchorsOf(blocks);
  const ids = anchors.map(({ id }) => id);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<nav aria-label="Contents">
<p class="to-top"><a href="#top">${escaped(title)}</a></p>
${contents(anchors)}
</nav>
<main id="top">
<h1>${escaped(title)}</h1>
<p class="about">${lineOf(about)}</p>
${blocks.map((block) => blockHtml(block, ids)).join('\n')}
</main>
</body>
</html>
`;
}

/** Two levels: the sections, and what is in them. */
function contents(anchors: readonly Anchored[]): string {
  const sections = anchors.filter(({ level }) => level === 2);
  const items = sections.map((section, index) => {
    const [from, to] = [section, sections[index + 1]].map((one) => (one ? anchors.indexOf(one) : anchors.length)) as [
      number,
      number,
    ];
    const within = anchors.slice(from + 1, to).filter(({ level }) => level === 3);
    const nested = within.length > 0 ? `<ol>${within.map((one) => `<li>${linkTo(one)}</li>`).join('')}</ol>` : '';
    return `<li>${linkTo(section)}${nested}</li>`;
  });
  return `<ol>\n${items.join('\n')}\n</ol>`;
}

function linkTo({ id, text }: Anchored): string {
  return `<a href="#${escaped(id)}">${escaped(text)}</a>`;
}

/** `ids`: of the headings that are still to come. */
function blockHtml(block: Block, ids: string[]): string {
  switch (block.kind) {
    case 'heading': {
      const { level, text, breaksPage } = block;
      const page = breaksPage ? ' class="page"' : '';
      return `<h${level} id="${escaped(ids.shift() ?? '')}"${page}>${escaped(text)}</h${level}>`;
    }
    case 'paragraph':
      return `<p>${lineOf(block.text)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${lineOf(item)}</li>`).join('')}</${tag}>`;
    }
    case 'table':
      return tableHtml(block.head, block.rows);
    case 'facts':
      return `<dl>${block.facts.map(([name, text]) => `<div><dt>${escaped(name)}</dt><dd>${lineOf(text)}</dd></div>`).join('')}</dl>`;
    case 'instructions':
      return block.instructions
        .map(({ say, args }) => `<div class="do"><p>${lineOf(say)}</p><pre><code>${lineHtml(args)}</code></pre></div>`)
        .join('\n');
  }
}

/** A line that breaks between arguments only: nobody types half a name from paper. */
function lineHtml(args: readonly string[]): string {
  return shellWords(args)
    .map((word) => `<span>${escaped(word)}</span>`)
    .join(' ');
}

/** What is too wide scrolls by itself, also with the keyboard. */
function tableHtml(head: readonly string[], rows: readonly (readonly Text[])[]): string {
  const cells = head.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const lines = rows.map((row) => `<tr>${row.map((text) => `<td>${lineOf(text)}</td>`).join('')}</tr>`);
  return `<div class="wide" tabindex="0" role="region" aria-label="${escaped(head.join(', '))}"><table><thead><tr>${cells}</tr></thead><tbody>\n${lines.join('\n')}\n</tbody></table></div>`;
}

function lineOf(text: Text): string {
  return text.map(inlineHtml).join('');
}

function inlineHtml(inline: Inline): string {
  if (typeof inline === 'string') return escaped(inline);
  if ('code' in inline) return `<code>${escaped(inline.code)}</code>`;
  if ('strong' in inline) return `<strong>${escaped(inline.strong)}</strong>`;
  return `<a href="${escaped(inline.to)}">${escaped(inline.link)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);
}
