import { argumentsOf, type Command, type Place, shellLine } from './command';

/** A piece of a line. A plain text has no markup in it, whatever it holds. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly link: string; readonly to: string };

/** A line, or a paragraph. */
export type Text = readonly Inline[];

/** A command to type, and what for. */
export interface Instruction {
  readonly say: Text;
  /** As it is typed. */
  readonly line: string;
  /** The arguments of `npx`. */
  readonly args: readonly string[];
}

/** A piece of a document. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3 | 4; readonly text: string; readonly breaksPage?: true }
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[]; readonly ordered?: boolean }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Text[])[] }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, text: Text])[] }
  | { readonly kind: 'instructions'; readonly instructions: readonly Instruction[] };

/** What is rendered as Markdown and as HTML alike. */
export interface Document {
  readonly title: string;
  /** One sentence under the title. */
  readonly about: Text;
  readonly blocks: readonly Block[];
}

/** A text of ours: what stands between backticks is code. Texts of users are not read like this. */
export function prose(text: string): Text {
  return text
    .split('`')
    .map((piece, index): Inline => (index % 2 === 1 ? { code: piece } : piece))
    .filter((piece) => piece !== '');
}

export function heading(level: 2 | 3 | 4, text: string): Block {
  return { kind: 'heading', level, text };
}

/** A section that begins on a page of its own, on paper. */
export function page(text: string): Block {
  return { kind: 'heading', level: 2, text, breaksPage: true };
}

export function paragraph(text: string | Text): Block {
  return { kind: 'paragraph', text: textOf(text) };
}

export function list(items: readonly (string | Text)[], ordered = false): Block {
  return { kind: 'list', items: items.map(textOf), ordered };
}

export function table(head: readonly string[], rows: readonly (readonly (string | Text)[])[]): Block {
  return { kind: 'table', head, rows: rows.map((row) => row.map(textOf)) };
}

export function facts(...named: readonly (readonly [name: string, text: string | Text])[]): Block {
  return { kind: 'facts', facts: named.map(([name, text]) => [name, textOf(text)]) };
}

export function instructions(place: Place, ...named: readonly (readonly [say: string | Text, command: Command])[]): Block {
  return {
    kind: 'instructions',
    instructions: named.map(([say, command]) => {
      const args = argumentsOf(command, place);
      return { say: textOf(say), args, line: shellLine(args) };
    }),
  };
}

/** Every command of a document, in its order. */
export function commandsOf({ blocks }: Document): Instruction[] {
  return blocks.flatMap((block) => (block.kind === 'instructions' ? block.instructions : []));
}

function textOf(text: string | Text): Text {
  return typeof text === 'string' ? prose(text) : text;
}
