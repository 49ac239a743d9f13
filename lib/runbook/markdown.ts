import { anchorsOf } from './anchors';
import type { Block, Document, Inline, Text } from './document';

/** The document as GitHub-flavoured Markdown. */
export function toMarkdown({ title, about, blocks }: Document): string {
  const anchors = anchorsOf(blocks);
  const contents = anchors.filter(({ level }) => level === 2).map(({ text, id }) => `- [${escaped(text)}](#${id})`);
  const ids = anchors.map(({ id }) => id);
  const parts = blocks.map((block) => blockText(block, ids));
  return `${[`# ${escaped(title)}`, lineOf(about), contents.join('\n'), ...parts].join('\n\n')}\n`;
}

/** `ids`: of the headings that are still to come. */
function blockText(block: Block, ids: string[]): string {
  switch (block.kind) {
    case 'heading': {
      // Viewers make ids of headings each in their own way.
      const anchor = `<a id="${ids.shift()}"></a>`;
      return `${anchor}\n\n${'#'.repeat(block.level)} ${escaped(block.text)}`;
    }
    case 'paragraph':
      return lineOf(block.text);
    case 'list':
      return block.items.map((item, index) => `${block.ordered ? `${index + 1}.` : '-'} ${lineOf(item)}`).join('\n');
    case 'table':
      return [
        row(block.head.map(escaped)),
        row(block.head.map(() => '---')),
        ...block.rows.map((cells) => row(cells.map(cellOf))),
      ].join('\n');
    case 'facts':
      return block.facts.map(([name, text]) => `- **${escaped(name)}**: ${lineOf(text)}`).join('\n');
    case 'instructions':
      return block.instructions.map(({ say, line }) => `${lineOf(say)}\n\n\`\`\`sh\n${line}\n\`\`\``).join('\n\n');
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function lineOf(text: Text): string {
  return text.map(inlineText).join('');
}

function inlineText(inline: Inline): string {
  if (typeof inline === 'string') return escaped(inline);
  if ('code' in inline) return codeSpan(inline.code);
  if ('strong' in inline) return `**${escaped(inline.strong)}**`;
  return `[${escaped(inline.link)}](${inline.to})`;
}

/** A pipe would end the cell, in code too (GitHub Flavored Markdown Spec, 4.10). In other text it is escaped already. */
function cellOf(text: Text): string {
  return text
    .map((inline) =>
      typeof inline !== 'string' && 'code' in inline ? codeSpan(inline.code.replaceAll('|', '\\|')) : inlineText(inline),
    )
    .join('');
}

/** Fenced by more backticks than it holds. */
function codeSpan(code: string): string {
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${oneLine(code)}${space}${fence}`;
}

/** What would be taken for markup. */
function escaped(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>|#~&]/g, (sign) => `\\${sign}`);
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
